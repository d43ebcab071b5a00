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
  int add(std::shared_ptr<Kernel> kernel, std::string name, std::vector<Place> in, std::vector<Place> out, int mark);
  void bind(int slot, void* base);
  void set_workspace(char* workspace) { workspace_ = workspace; }
  size_t workspace_bytes() const { return workspace_bytes_; }
  int size() const { return static_cast<int>(steps_.size()); }

  // Runs kernels [begin, end).  Each slot that is used must have been bound.
  void run(int begin, int end, uint64_t seed, uint64_t step, void* stream);
  // The same, with the seconds each kernel took added to seconds[0 .. size).
  void run_timed(int begin, int end, uint64_t seed, uint64_t step, void* stream, double* seconds);

  // Marks: how many gradients are complete since reset_marks.  wait_mark returns false when run failed meanwhile.
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
  };
  void resolve();
  void run_step(Step& step, RunContext& ctx);
  void reach(int mark);

  std::vector<Step> steps_;
  std::vector<char*> bases_;
  bool resolved_ = false;
  char* workspace_ = nullptr;
  size_t workspace_bytes_ = 0;

  std::mutex lock_;
  std::condition_variable reached_;
  int mark_ = 0;
  bool failed_ = false;
};

}  // namespace paratrain
