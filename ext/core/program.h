// A compiled graph: a flat list of kernels whose arguments are places in an arena or in arrays bound from outside.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/kernel.h"

namespace paratrain {

struct Place {
  int32_t slot = 0;    // 0: the arena; from 1 on: arrays bound from outside
  int64_t offset = 0;  // bytes
};

class Program {
 public:
  explicit Program(int slots) : bases_(static_cast<size_t>(slots) + 1, nullptr) {}

  // Appends a kernel and returns its position.  mark >= 0: after it has run, the first `mark` gradients are complete.
  // workspace >= 0: where in the arena its scratch memory lies.
  int add(std::shared_ptr<Kernel> kernel, std::string name, std::vector<Place> in, std::vector<Place> out, int mark,
          int64_t workspace);
  void bind(int slot, void* base);
  // Whether its loops run on OpenMP's threads, since a library's do; else on the Team's.
  bool uses_openmp() const;
  int size() const { return static_cast<int>(steps_.size()); }

  // Runs kernels [begin, end).  Each slot that is used must have been bound.
  void run(int begin, int end, uint64_t seed, uint64_t step, void* stream);
  // Runs all kernels as part of one of another program, with its stream and threads.
  void run_inside(const RunContext& outer, uint64_t seed, uint64_t step);
  // While the profiler records programs, kernel i is waited for and recorded under the label first + i.
  void set_labels(int32_t first) { first_label_ = first; }

  // Marks: how many gradients are complete since reset_marks.  wait_mark returns false when run failed meanwhile.
  // With a stream a mark is reached when the stream has passed it, not when the kernel has been queued.
  void reset_marks();
  bool wait_mark(int wanted);
  void fail_marks();

 private:
  struct Step {
    std::shared_ptr<Kernel> kernel;
    std::string name;
    std::vector<Place> in, out;
    std::vector<void*> in_ptr, out_ptr;
    int mark;
    int64_t workspace;
  };
  // Shared with the calls that wait in a stream, which may outlive the program.
  struct Marks {
    std::mutex lock;
    std::condition_variable changed;
    int reached = 0;
    bool failed = false;
    uint64_t round = 0;      // of reset_marks: late calls of an earlier round do nothing
    void* stream = nullptr;  // where marks are still to come from
    void reach(int mark, uint64_t of_round);
    void fail();
  };
  void resolve();
  void run_step(Step& step, RunContext& ctx);
  RunContext context(uint64_t seed, uint64_t step, void* stream);
  void reach_after(void* stream, int mark);

  std::vector<Step> steps_;
  std::vector<char*> bases_;
  bool resolved_ = false;
  int32_t first_label_ = -1;
  bool uses_openmp_ = false;  // one of the kernels does: two sets of threads would fight for the cores

  std::shared_ptr<Marks> marks_ = std::make_shared<Marks>();
};

}  // namespace paratrain
