#include "core/program.h"

#include <chrono>

namespace paratrain {

int Program::add(std::shared_ptr<Kernel> kernel, std::string name, std::vector<Place> in, std::vector<Place> out,
                 int mark) {
  workspace_bytes_ = std::max(workspace_bytes_, kernel->workspace_bytes());
  Step step{std::move(kernel), std::move(name), std::move(in), std::move(out), {}, {}, mark};
  step.in_ptr.resize(step.in.size());
  step.out_ptr.resize(step.out.size());
  steps_.push_back(std::move(step));
  resolved_ = false;
  return size() - 1;
}

void Program::bind(int slot, void* base) {
  char* address = static_cast<char*>(base);
  if (bases_.at(static_cast<size_t>(slot)) == address) return;
  bases_[static_cast<size_t>(slot)] = address;
  resolved_ = false;
}

void Program::resolve() {
  for (Step& step : steps_) {
    for (size_t i = 0; i < step.in.size(); ++i) step.in_ptr[i] = bases_[step.in[i].slot] + step.in[i].offset;
    for (size_t i = 0; i < step.out.size(); ++i) step.out_ptr[i] = bases_[step.out[i].slot] + step.out[i].offset;
  }
  resolved_ = true;
}

void Program::run_step(Step& step, RunContext& ctx) {
  try {
    run_named(*step.kernel, step.name, ctx, step.in_ptr.data(), step.out_ptr.data());
  } catch (...) {
    fail_marks();
    throw;
  }
  if (step.mark >= 0) reach(step.mark);
}

void Program::run(int begin, int end, uint64_t seed, uint64_t step, void* stream) {
  if (!resolved_) resolve();
  RunContext ctx{stream, workspace_, seed, step};
  for (int i = begin; i < end; ++i) run_step(steps_[static_cast<size_t>(i)], ctx);
}

void Program::run_timed(int begin, int end, uint64_t seed, uint64_t step, void* stream, double* seconds) {
  using Clock = std::chrono::steady_clock;
  if (!resolved_) resolve();
  RunContext ctx{stream, workspace_, seed, step};
  for (int i = begin; i < end; ++i) {
    const auto start = Clock::now();
    run_step(steps_[static_cast<size_t>(i)], ctx);
    seconds[i] += std::chrono::duration<double>(Clock::now() - start).count();
  }
}

void Program::reach(int mark) {
  {
    std::lock_guard<std::mutex> hold(lock_);
    mark_ = mark;
  }
  reached_.notify_all();
}

void Program::reset_marks() {
  std::lock_guard<std::mutex> hold(lock_);
  mark_ = 0;
  failed_ = false;
}

bool Program::wait_mark(int wanted) {
  std::unique_lock<std::mutex> hold(lock_);
  reached_.wait(hold, [&] { return mark_ >= wanted || failed_; });
  return mark_ >= wanted;
}

void Program::fail_marks() {
  {
    std::lock_guard<std::mutex> hold(lock_);
    failed_ = true;
  }
  reached_.notify_all();
}

}  // namespace paratrain
