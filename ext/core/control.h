// Loops and branches: a kernel that runs programs, each again and again on other parts of its arrays.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/kernel.h"
#include "core/program.h"

namespace paratrain {

// Where a slot of a program lies in turn i: at base + offset + stride * (i + shift), the last factor modulo `modulus`
// where that is not 0 (two places used by turns).
struct TurnPlace {
  enum Base : int32_t { input = 0, output = 1, scratch = 2 };
  int32_t slot = 0;
  int32_t base = input;
  int32_t index = 0;  // of the input or output
  int64_t offset = 0, stride = 0, shift = 0, modulus = 0;
};

struct ControlPart {
  std::shared_ptr<Program> program;  // null: nothing to do
  std::vector<TurnPlace> places;
};

// What happens:
//   repeat    before(0), body(0) ... body(n - 1), after(n)
//   loop      the same, with n found out: condition(i) leaves 0 in an int32 of the scratch memory where it ends
//   branch    condition(0), then body(0) or, where the condition is 0, other(0)
// Backwards the turns are those of the forward run: before(n), body(n - 1) ... body(0), after(0); and of a branch only
// the one that was taken, after before(0).  What forward did is kept in a trace: number of turns (or whether `body` was
// taken), and the key of its random numbers; so the same numbers are drawn again.
struct ControlSpec {
  enum Kind : int32_t { repeat = 0, loop = 1, branch = 2 };
  int32_t kind = repeat;
  bool backward = false;
  int64_t turns = 0;         // of a repeat; most of a loop
  int32_t trace = 0;         // output (forward) or input (backward) that holds the trace, int64 (3,)
  bool reads_trace = false;  // backward: whether anything depends on it
  int64_t flag = 0;          // where in the scratch memory the condition is left
  int64_t arena = 0;         // bytes for the programs' temporary arrays, at the beginning of the scratch memory
  int64_t scratch = 0;       // bytes in all
  uint64_t op_id = 0;        // tells the random numbers from those of other nodes
  ControlPart before, condition, body, other, after;
};

class ControlKernel : public Kernel {
 public:
  explicit ControlKernel(ControlSpec spec) : spec_(std::move(spec)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override;
  size_t workspace_bytes() const override { return static_cast<size_t>(spec_.scratch); }
  bool uses_openmp() const override;
  bool capturable() const override { return false; }
  std::string implementation() const override { return "programs"; }

 private:
  struct Trace {
    int64_t turns = 0;
    uint64_t seed = 0, step = 0;
  };
  struct Call;
  void forward(Call& call);
  void backward(Call& call);

  ControlSpec spec_;
  std::recursive_mutex lock_;  // the programs are bound anew for each run
  bool running_ = false;
};

}  // namespace paratrain
