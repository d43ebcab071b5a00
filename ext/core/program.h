// A compiled graph: a flat list of kernels whose arguments are places in an arena or in arrays bound from outside.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "core/replay.h"

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

  // From now on a range of steps is recorded once it has run `plain_runs` times with the same addresses, and then
  // queued as a whole; with a negative number never.  Only in a stream, and not while the profiler records programs.
  void replay_after(int plain_runs) { plain_runs_ = plain_runs; }
  // Name of the first step that cannot be recorded, so that nothing is; empty: there is none.
  const std::string& obstacle() const { return obstacle_; }
  int replays() const { return replays_; }  // runs that were queued as a whole

  // Marks: how many gradients are complete since reset_marks.  wait_mark returns false when run failed meanwhile.
  // With a stream a mark is reached when the stream has passed it, not when the kernel has been queued.
  void reset_marks() { marks_->reset(); }
  bool wait_mark(int wanted) { return marks_->wait(wanted); }
  void fail_marks() { marks_->fail(); }

 private:
  struct Step {
    std::shared_ptr<Kernel> kernel;
    std::string name;
    std::vector<Place> in, out;
    std::vector<void*> in_ptr, out_ptr;
    int mark;
    int64_t workspace;
  };
  void resolve();
  void run_step(Step& step, RunContext& ctx);
  void run_plainly(int begin, int end, RunContext& ctx);
  bool may_replay(const RunContext& ctx) const;
  void run_or_replay(int begin, int end, RunContext& ctx);
  void record(int begin, int end, const RunContext& ctx, Recording& recording);
  void record_step(Step& step, RunContext& ctx, Recorder& recorder, RecordedMarks& marks);
  RunContext context(uint64_t seed, uint64_t step, void* stream);

  std::vector<Step> steps_;
  std::vector<char*> bases_;
  bool resolved_ = false;
  uint64_t addresses_ = 1;  // changes whenever they do
  int32_t first_label_ = -1;
  bool uses_openmp_ = false;  // one of the kernels does: two sets of threads would fight for the cores

  int plain_runs_ = -1;
  std::string obstacle_;
  int replays_ = 0;
  std::map<std::pair<int, int>, Recording> recordings_;  // by begin and end

  std::shared_ptr<Marks> marks_ = std::make_shared<Marks>();
};

}  // namespace paratrain
