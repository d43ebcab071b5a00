// A chain of elementwise operators as one function, compiled at run time (ext/chains.py) and loaded here.
#include "cuda/cuda_library.h"
#include "kernels/elementwise/chain.h"
#include "kernels/launch/cuda.cuh"

namespace paratrain {
namespace {

// Attribute functions: what paratrain_cuda_load_chain has returned, for each GPU.
class ChainKernel final : public Kernel {
 public:
  ChainKernel(const ChainPlan& plan, const Shape& functions)
      : functions_(functions), size_(count(plan.space)), inputs_(plan.inputs.size()), words_(chain_arguments(plan)) {
    for (const ChainCall& call : plan.calls) outputs_ += call.output >= 0;
    members_ = plan.calls.size();
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    std::vector<int64_t> words = words_;
    for (size_t i = 0; i < inputs_; ++i) words.push_back(reinterpret_cast<int64_t>(in[i]));
    for (size_t i = 0; i < outputs_; ++i) words.push_back(reinterpret_cast<int64_t>(out[i]));
    void* arguments[] = {words.data()};
    const cudaKernel_t function = reinterpret_cast<cudaKernel_t>(functions_.at(static_cast<size_t>(cuda::device())));
    PT_CUDA(cudaLaunchKernel(function, dim3(cuda::blocks_for(size_)), dim3(cuda::kThreads), arguments, 0,
                             cuda::stream_of(ctx.stream)));
  }
  std::string implementation() const override { return "nvrtc:" + std::to_string(members_); }

 private:
  Shape functions_;
  int64_t size_;
  size_t inputs_, outputs_ = 0, members_ = 0;
  std::vector<int64_t> words_;
};

}  // namespace

void register_cuda_chain(Registry& r) {
  r.add("chain", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    return std::make_unique<ChainKernel>(ChainPlan(s), s.attrs.ints("functions"));
  });
}

void* load_chain(const void* binary) {
  cudaLibrary_t loaded = nullptr;
  PT_CUDA(cudaLibraryLoadData(&loaded, binary, nullptr, nullptr, 0, nullptr, nullptr, 0));
  cudaKernel_t function = nullptr;
  const cudaError_t status = cudaLibraryGetKernel(&function, loaded, "chain");
  if (status != cudaSuccess) cudaLibraryUnload(loaded);
  PT_CUDA(status);
  return function;
}

}  // namespace paratrain
