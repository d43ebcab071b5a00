#include "core/profile.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <new>

#include "core/subnormal.h"

namespace paratrain {
namespace profile {
namespace {

constexpr size_t kFirst = 1u << 16;  // room made when recording starts
constexpr size_t kMost = 1u << 24;   // 400 MB

struct Record {
  std::mutex lock;
  std::vector<ProfileEvent> events;
  int64_t dropped = 0;
};

// Never destroyed: threads may record until the process ends.
Record& all() {
  static Record* r = new Record;
  return *r;
}

template <class Clock>
int64_t nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

std::atomic<int> mask{0};

void set_mask(int bits) {
  if (bits) {
    Record& r = all();
    std::lock_guard<std::mutex> hold(r.lock);
    r.events.reserve(kFirst);
  }
  mask.store(bits ? bits | kProfileRunning : 0);
}

int64_t now() {
  static const int64_t offset = nanoseconds<std::chrono::system_clock>() - nanoseconds<std::chrono::steady_clock>();
  return nanoseconds<std::chrono::steady_clock>() + offset;
}

int32_t this_thread() {
  static thread_local const int32_t id = static_cast<int32_t>(syscall(SYS_gettid));
  return id;
}

void record(int32_t label, int64_t begin, int64_t end) {
  Record& r = all();
  std::lock_guard<std::mutex> hold(r.lock);
  try {
    if (r.events.size() < kMost) return r.events.push_back({begin, end, label, this_thread()});
  } catch (const std::bad_alloc&) {  // what is recorded must not stop what runs
  }
  ++r.dropped;
}

std::vector<ProfileEvent> events(int64_t first) {
  Record& r = all();
  std::lock_guard<std::mutex> hold(r.lock);
  const auto begin = r.events.begin() + std::clamp<int64_t>(first, 0, static_cast<int64_t>(r.events.size()));
  return {begin, r.events.end()};
}

int64_t count() {
  Record& r = all();
  std::lock_guard<std::mutex> hold(r.lock);
  return static_cast<int64_t>(r.events.size());
}

int64_t dropped() {
  Record& r = all();
  std::lock_guard<std::mutex> hold(r.lock);
  return r.dropped;
}

void keep(int64_t first) {
  Record& r = all();
  std::lock_guard<std::mutex> hold(r.lock);
  r.events.resize(std::min(static_cast<size_t>(std::max<int64_t>(first, 0)), r.events.size()));
  r.dropped = 0;
}

void run_kernel(int32_t label, Kernel& kernel, const std::string& name, const RunContext& ctx, void* const* in,
                void* const* out) {
  flush_subnormals_in_workers();
  const FlushSubnormals flush;
  timed(label, ctx.stream, [&] { run_named(kernel, name, ctx, in, out); });
}

}  // namespace profile
}  // namespace paratrain
