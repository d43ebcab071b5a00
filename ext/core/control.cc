#include "core/control.h"

#include <cstring>

namespace paratrain {
namespace {

// A key for each turn of each loop (a step of splitmix64).
uint64_t mixed(uint64_t seed, uint64_t number) {
  uint64_t z = seed + 0x9e3779b97f4a7c15ULL * (number + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void read(void* stream, void* target, const void* source, size_t bytes) {
  if (stream) {
    registry(DeviceType::gpu).stream.read(stream, target, source, bytes);
  } else {
    std::memcpy(target, source, bytes);
  }
}

void write(void* stream, void* target, const void* source, size_t bytes) {
  if (stream) {
    registry(DeviceType::gpu).stream.write(stream, target, source, bytes);
  } else {
    std::memcpy(target, source, bytes);
  }
}

}  // namespace

// One run: where its arrays are, and what the turns have in common.
struct ControlKernel::Call {
  const RunContext& ctx;
  void* const* in;
  void* const* out;
  Trace trace;

  void run(const ControlPart& part, int64_t turn) const {
    if (!part.program) return;
    part.program->bind(0, ctx.workspace);
    for (const TurnPlace& p : part.places) {
      void* base = p.base == TurnPlace::scratch  ? ctx.workspace
                   : p.base == TurnPlace::output ? out[p.index]
                                                 : in[p.index];
      const int64_t at = p.modulus ? (turn + p.shift) % p.modulus : turn + p.shift;
      part.program->bind(p.slot, static_cast<char*>(base) + p.offset + p.stride * at);
    }
    part.program->run_inside(ctx, mixed(trace.seed, static_cast<uint64_t>(turn)), trace.step);
  }
  bool holds(const ControlPart& condition, int64_t turn, int64_t flag) const {
    run(condition, turn);
    int32_t value = 0;
    read(ctx.stream, &value, ctx.workspace + flag, sizeof(value));
    return value != 0;
  }
};

bool ControlKernel::uses_openmp() const {
  for (const ControlPart* part : {&spec_.before, &spec_.condition, &spec_.body, &spec_.other, &spec_.after}) {
    if (part->program && part->program->uses_openmp()) return true;
  }
  return false;
}

void ControlKernel::forward(Call& call) {
  call.trace = {0, mixed(call.ctx.seed, spec_.op_id), call.ctx.step};
  if (spec_.kind == ControlSpec::branch) {
    call.trace.turns = call.holds(spec_.condition, 0, spec_.flag) ? 1 : 0;
    call.run(call.trace.turns ? spec_.body : spec_.other, 0);
  } else {
    call.run(spec_.before, 0);
    int64_t& i = call.trace.turns;
    for (; i < spec_.turns; ++i) {
      if (spec_.kind == ControlSpec::loop && !call.holds(spec_.condition, i, spec_.flag)) break;
      call.run(spec_.body, i);
    }
    call.run(spec_.after, i);
  }
  write(call.ctx.stream, call.out[spec_.trace], &call.trace, sizeof(Trace));
}

void ControlKernel::backward(Call& call) {
  call.trace.turns = spec_.turns;
  if (spec_.reads_trace) read(call.ctx.stream, &call.trace, call.in[spec_.trace], sizeof(Trace));
  if (spec_.kind == ControlSpec::branch) {
    call.run(spec_.before, 0);
    call.run(call.trace.turns ? spec_.body : spec_.other, 0);
    return;
  }
  if (call.trace.turns < 0 || call.trace.turns > spec_.turns) {
    throw std::invalid_argument("the trace of the forward run is not one of this loop");
  }
  call.run(spec_.before, call.trace.turns);
  for (int64_t i = call.trace.turns; i-- > 0;) call.run(spec_.body, i);
  call.run(spec_.after, 0);
}

void ControlKernel::run(const RunContext& ctx, void* const* in, void* const* out) {
  std::lock_guard<std::recursive_mutex> hold(lock_);
  if (running_) throw std::logic_error("this loop was called from inside itself");
  struct Running {
    bool& flag;
    explicit Running(bool& f) : flag(f) { flag = true; }
    ~Running() { flag = false; }
  } running(running_);
  Call call{ctx, in, out, {}};
  if (spec_.backward) {
    backward(call);
  } else {
    forward(call);
  }
}

}  // namespace paratrain
