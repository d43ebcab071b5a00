#include "core/program.h"

#include <omp.h>

#include "core/profile.h"
#include "core/subnormal.h"
#include "core/team.h"

namespace paratrain {

int Program::add(std::shared_ptr<Kernel> kernel, std::string name, std::vector<Place> in, std::vector<Place> out,
                 int mark, int64_t workspace) {
  uses_openmp_ = uses_openmp_ || kernel->uses_openmp();
  if (obstacle_.empty() && !kernel->capturable()) obstacle_ = name;
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
  ++addresses_;
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
    reach_after(marks_, ctx.stream, step.mark);
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
  if (may_replay(ctx) && begin < end) {
    run_or_replay(begin, end, ctx);
  } else {
    run_plainly(begin, end, ctx);
  }
}

void Program::run_plainly(int begin, int end, RunContext& ctx) {
  const bool recorded = first_label_ >= 0 && profile::wants(kProfilePrograms);
  for (int i = begin; i < end; ++i) {
    profile::timed(recorded ? first_label_ + i : -1, ctx.stream,
                   [&] { run_step(steps_[static_cast<size_t>(i)], ctx); });
  }
}

void Program::run_inside(const RunContext& outer, uint64_t seed, uint64_t step) {
  if (!resolved_) resolve();
  RunContext ctx{outer.stream, nullptr, seed, step, outer.team};
  for (Step& s : steps_) run_step(s, ctx);
}

bool Program::may_replay(const RunContext& ctx) const {
  return ctx.stream && plain_runs_ >= 0 && obstacle_.empty() && !profile::wants(kProfilePrograms);
}

void Program::run_or_replay(int begin, int end, RunContext& ctx) {
  Recording& r = recordings_[{begin, end}];
  if (r.addresses != addresses_) {
    // Recorded again only once these have stayed for a while: recording takes longer than a run.
    r.addresses = addresses_;
    r.plain_runs = 0;
    r.ready = false;
  }
  if (!r.ready) {
    if (r.plain_runs < plain_runs_) {
      run_plainly(begin, end, ctx);
      ++r.plain_runs;
      return;
    }
    record(begin, end, ctx, r);
  }
  r.marks->replay_begins(ctx.stream);
  try {
    r.recorder->replay(ctx.stream, ctx.seed, ctx.step);
  } catch (...) {
    r.marks->replay_failed();
    fail_marks();
    throw;
  }
  ++replays_;
}

void Program::record(int begin, int end, const RunContext& ctx, Recording& recording) {
  try {
    if (!recording.recorder) recording.recorder = registry(DeviceType::gpu).stream.recorder();
    Recorder& recorder = *recording.recorder;
    auto marks = std::make_unique<RecordedMarks>(marks_);
    RunContext inner = ctx;
    inner.stream = recorder.begin();
    inner.key = recorder.key();
    try {
      for (int i = begin; i < end; ++i) record_step(steps_[static_cast<size_t>(i)], inner, recorder, *marks);
    } catch (...) {
      recorder.give_up();
      throw;
    }
    recorder.end();
    recording.marks = std::move(marks);  // begin() has waited for the calls of those before
    recording.ready = true;
  } catch (...) {
    fail_marks();
    throw;
  }
}

void Program::record_step(Step& step, RunContext& ctx, Recorder& recorder, RecordedMarks& marks) {
  ctx.workspace = step.workspace < 0 ? nullptr : bases_[0] + step.workspace;
  static const char* const hint =
      " (while it was recorded as part of a CUDA graph; PARATRAIN_CUDA_GRAPHS=0 runs it without)";
  try {
    step.kernel->run(ctx, step.in_ptr.data(), step.out_ptr.data());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    throw std::runtime_error("[" + step.name + "] " + e.what() + hint);
  }
  if (!recorder.recording())
    throw std::runtime_error("[" + step.name + "] its kernel, " + step.kernel->implementation() +
                             ", cannot be recorded" + hint);
  if (step.mark >= 0) marks.add(ctx.stream, step.mark);
}

}  // namespace paratrain
