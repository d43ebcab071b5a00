// A GPU that is none, for tests of what the engine does with one: the kernels of the CPU, in host memory, behind the
// entry points of libparatrain_cuda.so.  What is recorded is kept with the arguments that it was queued with, as CUDA
// does, and runs when it is replayed; calls in the stream can be held back.
#include <cstring>
#include <deque>
#include <functional>
#include <set>

#include "kernels/cudnn/plan.h"

#define PT_EXPORT extern "C" __attribute__((visibility("default")))

namespace paratrain {
namespace {

using Work = std::function<void()>;

class StandInRecorder;
StandInRecorder* active = nullptr;
std::deque<Work> held;
bool hold = false;
int recordings = 0;
// Names of kernels that say that they cannot be recorded; that throw when they are; that end the recording.
std::set<std::string> uncapturable, throwing, ending;

class StandInRecorder final : public Recorder {
 public:
  void* begin() override {
    fresh_.clear();
    broken_ = false;
    active = this;
    return this;
  }
  const uint64_t* key() const override { return key_; }
  bool recording() override { return !broken_; }
  void end() override {
    active = nullptr;
    made_ = fresh_;
    ++recordings;
  }
  void give_up() noexcept override { active = nullptr; }
  void replay(void*, uint64_t seed, uint64_t step) override {
    key_[0] = seed;
    key_[1] = step;
    for (const Work& work : made_) work();
  }
  void add(Work work) { fresh_.push_back(std::move(work)); }
  void break_off() { broken_ = true; }

 private:
  uint64_t key_[2] = {0, 0};
  bool broken_ = false;
  std::vector<Work> fresh_, made_;
};

class StandInKernel final : public Kernel {
 public:
  StandInKernel(const KernelSpec& s, std::shared_ptr<Kernel> kernel)
      : name_(s.name), ins_(s.in.size()), outs_(s.out.size()), kernel_(std::move(kernel)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const std::vector<void*> ins(in, in + ins_), outs(out, out + outs_);
    RunContext inner = ctx;
    inner.stream = nullptr;
    const Work work = [kernel = kernel_, inner, ins, outs] {
      RunContext now = inner;
      if (inner.key) {
        now.seed = inner.key[0];
        now.step = inner.key[1];
      }
      kernel->run(now, ins.data(), outs.data());
    };
    if (!active || ctx.stream != active) return work();
    if (throwing.count(name_)) throw std::runtime_error("it throws");
    if (ending.count(name_)) active->break_off();
    active->add(work);
  }
  size_t workspace_bytes() const override { return kernel_->workspace_bytes(); }
  bool capturable() const override { return uncapturable.count(name_) == 0; }
  std::string implementation() const override { return "stand-in"; }

 private:
  std::string name_;
  size_t ins_, outs_;
  std::shared_ptr<Kernel> kernel_;
};

void after(void* stream, void (*call)(void*), void* data) {
  const Work work = [=] {
    if (hold) {
      held.push_back([=] { call(data); });
    } else {
      call(data);
    }
  };
  if (active && stream == active) {
    active->add(work);
  } else {
    work();
  }
}

void fill(Registry& gpu, Registry& cpu) {
  for (const std::string& name : cpu.names()) {
    gpu.add(name, [&cpu](const KernelSpec& s) -> std::unique_ptr<Kernel> {
      KernelSpec plain = s;
      plain.plain = true;
      plain.any_layout = false;
      return std::make_unique<StandInKernel>(s, cpu.make(plain));
    });
  }
  gpu.stream.after = after;
  gpu.stream.check = [](void*) {};
  gpu.stream.wait = [](void*) {};
  gpu.stream.recorder = []() -> std::unique_ptr<Recorder> { return std::make_unique<StandInRecorder>(); };
}

Registry* cpu_kernels = nullptr;

}  // namespace
}  // namespace paratrain

using namespace paratrain;

PT_EXPORT int paratrain_cuda_abi() { return kAbi; }
PT_EXPORT const char* paratrain_cuda_version() { return "stand-in"; }
PT_EXPORT const char* paratrain_cuda_error() { return ""; }
PT_EXPORT int paratrain_cuda_use(int) { return 0; }
PT_EXPORT void paratrain_cuda_close() {}
PT_EXPORT int paratrain_cuda_copy_peer(void*, int, const void*, int, int64_t, void*) { return -1; }
PT_EXPORT int64_t paratrain_cuda_kernel_names(char*, int64_t) { return 0; }
PT_EXPORT void* paratrain_cuda_load_chain(const void*) { return &active; }
PT_EXPORT int paratrain_cuda_register(Registry* gpu) {
  fill(*gpu, *cpu_kernels);
  return 0;
}
PT_EXPORT void paratrain_cuda_keep_plans(int (*find)(const char*, char*, int64_t),
                                         void (*keep)(const char*, char*, int64_t)) {
  cudnn::plan_store() = {find, keep};
}

PT_EXPORT void stand_in_kernels(Registry* cpu) { cpu_kernels = cpu; }
PT_EXPORT void stand_in_uncapturable(const char* kernel) { uncapturable.insert(kernel); }
PT_EXPORT void stand_in_throwing(const char* kernel) { throwing.insert(kernel); }
PT_EXPORT void stand_in_ending(const char* kernel) { ending.insert(kernel); }
PT_EXPORT void stand_in_mend() {
  throwing.clear();
  ending.clear();
}
PT_EXPORT int stand_in_recordings() { return recordings; }
PT_EXPORT void stand_in_hold(int on) { hold = on; }
PT_EXPORT int stand_in_held() { return static_cast<int>(held.size()); }
PT_EXPORT void stand_in_let_go(int calls) {
  for (; calls > 0 && !held.empty(); --calls) {
    const Work work = held.front();
    held.pop_front();
    work();
  }
}

// Asks for a plan as a convolution does: the answer, or "measure" or "guess"; with `keep`, keeps `text` first.
PT_EXPORT int stand_in_plan(const char* operation, int64_t batch, const char* keep, char* text, int64_t size) {
  const std::string key = cudnn::plan_key({operation,
                                           DType::float16,
                                           {batch, 3, 8, 8},
                                           {4, 3, 3, 3},
                                           {batch, 4, 6, 6},
                                           {0, 0},
                                           {1, 1},
                                           {1, 1},
                                           1,
                                           1,
                                           "Some GPU",
                                           92801});
  const cudnn::PlanStore& store = cudnn::plan_store();
  if (keep) {
    std::strncpy(text, keep, static_cast<size_t>(size) - 1);
    store.keep(key.c_str(), text, size);
  }
  return store.find(key.c_str(), text, size);
}
// 100 * algorithm + math of a kept text; -1 if it is none.
PT_EXPORT int stand_in_parse(const char* text) {
  cudnn::PlanChoice choice;
  return cudnn::parse_plan(text, choice) ? 100 * choice.algorithm + choice.math : -1;
}
