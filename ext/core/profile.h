// What ran when: begin and end of kernels, of regions that Python names, and values of counters.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "core/kernel.h"

namespace paratrain {

// What is recorded: bits of a mask, zero while the profiler does not run.
enum ProfileBits : int {
  kProfilePrograms = 1,  // steps of programs
  kProfileCalls = 2,     // operators called one by one
  kProfileMemory = 4,    // bytes in use, at each change
  kProfileApi = 8,       // calls of Python's functions
  kProfileRunning = 16,  // everything else; set whenever any other is
};

struct ProfileEvent {
  int64_t begin, end;     // nanoseconds since 1970; a counter has its value in `end`
  int32_t label, thread;  // what it was (a number Python gives out); the system's number of the thread
};

namespace profile {

extern std::atomic<int> mask;

inline bool wants(int bits) { return (mask.load(std::memory_order_relaxed) & bits) != 0; }
inline int bits() { return mask.load(std::memory_order_relaxed); }
void set_mask(int bits);

// Steady, and near the system's clock: the ranks of a job have one axis of time.
int64_t now();
int32_t this_thread();

// Events are kept up to a number of them, and while there is memory; those after that are only counted.
void record(int32_t label, int64_t begin, int64_t end);
std::vector<ProfileEvent> events(int64_t first);
int64_t count();
int64_t dropped();
void keep(int64_t first);  // forgets all but the first ones

// Calls work() and records how long it took, that of the stream included; with a label below 0 only calls it.
template <class Work>
void timed(int32_t label, void* stream, Work work) {
  if (label < 0) return work();
  const int64_t begin = now();
  work();
  if (stream) registry(DeviceType::gpu).stream.wait(stream);
  record(label, begin, now());
}

// run_named, timed.
void run_kernel(int32_t label, Kernel& kernel, const std::string& name, const RunContext& ctx, void* const* in,
                void* const* out);

}  // namespace profile
}  // namespace paratrain
