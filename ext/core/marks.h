// How many gradients of a program are complete, for those who wait for them.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "core/kernel.h"

namespace paratrain {

// Shared with the calls that wait in a stream, which may outlive the program.
struct Marks {
  std::mutex lock;
  std::condition_variable changed;
  int reached = 0;
  bool failed = false;
  uint64_t round = 0;      // of reset: late calls of an earlier round do nothing
  void* stream = nullptr;  // where marks are still to come from

  void reset();
  void reach(int mark, uint64_t of_round);
  void fail();
  bool wait(int wanted);
};

// Lets a mark be reached once a stream has passed what is queued now.
void reach_after(const std::shared_ptr<Marks>& marks, void* stream, int mark);

}  // namespace paratrain
