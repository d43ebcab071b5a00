#include "core/program.h"

#include <omp.h>

#include <chrono>

#include "core/profile.h"
#include "core/subnormal.h"
#include "core/team.h"

namespace paratrain {

int Program::add(std::shared_ptr<Kernel> kernel, std::string name, std::vector<Place> in, std::vector<Place> out,
                 int mark, int64_t workspace) {
  uses_openmp_ = uses_openmp_ || kernel->uses_openmp();
  Step step{std::move(kernel), std::move(name), std::move(in), std::move(out), {}, {}, mark, workspace};
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
  ctx.workspace = step.workspace < 0 ? nullptr : bases_[0] + step.workspace;
  try {
    run_named(*step.kernel, step.name, ctx, step.in_ptr.data(), step.out_ptr.data());
  } catch (...) {
    fail_marks();
    throw;
  }
  if (step.mark < 0) return;
  if (ctx.stream) {
    reach_after(ctx.stream, step.mark);
  } else {
    marks_->reach(step.mark, marks_->round);
  }
}

bool Program::uses_openmp() const {
  // A team's threads would all be bound to the core of the thread that starts them.
  return uses_openmp_ || omp_get_proc_bind() != omp_proc_bind_false;
}

RunContext Program::context(uint64_t seed, uint64_t step, void* stream) {
  if (!resolved_) resolve();
  return {stream, nullptr, seed, step, stream || uses_openmp() ? nullptr : &Team::instance()};
}

void Program::run(int begin, int end, uint64_t seed, uint64_t step, void* stream) {
  RunContext ctx = context(seed, step, stream);
  flush_subnormals_in_workers();
  const FlushSubnormals flush;
  const bool recorded = first_label_ >= 0 && profile::wants(kProfilePrograms);
  for (int i = begin; i < end; ++i) {
    profile::timed(recorded ? first_label_ + i : -1, stream, [&] { run_step(steps_[static_cast<size_t>(i)], ctx); });
  }
}

void Program::run_inside(const RunContext& outer, uint64_t seed, uint64_t step) {
  if (!resolved_) resolve();
  RunContext ctx{outer.stream, nullptr, seed, step, outer.team};
  for (Step& s : steps_) run_step(s, ctx);
}

void Program::reach_after(void* stream, int mark) {
  struct Call {
    std::shared_ptr<Marks> marks;
    int mark;
    uint64_t round;
  };
  {
    std::lock_guard<std::mutex> hold(marks_->lock);
    marks_->stream = stream;
  }
  auto call = std::make_unique<Call>(Call{marks_, mark, marks_->round});
  registry(DeviceType::gpu)
      .stream.after(
          stream,
          [](void* data) {
            const std::unique_ptr<Call> c(static_cast<Call*>(data));
            c->marks->reach(c->mark, c->round);
          },
          call.get());
  call.release();
}

void Program::Marks::reach(int mark, uint64_t of_round) {
  {
    std::lock_guard<std::mutex> hold(lock);
    if (of_round != round) return;
    reached = mark;
  }
  changed.notify_all();
}

void Program::Marks::fail() {
  {
    std::lock_guard<std::mutex> hold(lock);
    failed = true;
  }
  changed.notify_all();
}

void Program::reset_marks() {
  std::lock_guard<std::mutex> hold(marks_->lock);
  ++marks_->round;
  marks_->reached = 0;
  marks_->failed = false;
  marks_->stream = nullptr;
}

bool Program::wait_mark(int wanted) {
  Marks& m = *marks_;
  std::unique_lock<std::mutex> hold(m.lock);
  const auto done = [&] { return m.reached >= wanted || m.failed; };
  // Nothing comes any more from a stream whose work has failed, so that is looked at now and then.
  while (!m.changed.wait_for(hold, std::chrono::milliseconds(200), done)) {
    void* stream = m.stream;
    if (!stream) continue;
    hold.unlock();
    registry(DeviceType::gpu).stream.check(stream);
    hold.lock();
  }
  return m.reached >= wanted;
}

void Program::fail_marks() { marks_->fail(); }

}  // namespace paratrain
