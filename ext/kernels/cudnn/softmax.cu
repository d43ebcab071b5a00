// Softmax and its logarithm along one axis, where no row is shorter than the others and the input is not scaled.
#include "cuda/cuda_library.h"
#include "kernels/cudnn/common.h"
#include "kernels/loss/softmax.h"

namespace paratrain {
namespace cudnn {
namespace {

class SoftmaxBase : public Kernel {
 public:
  SoftmaxBase(const SoftmaxPlan& p, DType type)
      : log_(p.log ? CUDNN_SOFTMAX_LOG : CUDNN_SOFTMAX_ACCURATE), one_(type, 1), zero_(type, 0) {
    describe(view_, type, {p.outer, p.n, p.inner, 1});
  }
  std::string implementation() const override { return "cudnn"; }

 protected:
  cudnnSoftmaxAlgorithm_t log_;
  Factor one_, zero_;
  Tensor view_;
};

// (X) -> Y
class Forward final : public SoftmaxBase {
 public:
  using SoftmaxBase::SoftmaxBase;
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    PT_CUDNN(cudnnSoftmaxForward(handle, log_, CUDNN_SOFTMAX_MODE_CHANNEL, one_, view_, in[0], zero_, view_, out[0]));
  }
};

// (dY, Y) -> dX
class Backward final : public SoftmaxBase {
 public:
  using SoftmaxBase::SoftmaxBase;
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    PT_CUDNN(cudnnSoftmaxBackward(handle, log_, CUDNN_SOFTMAX_MODE_CHANNEL, one_, view_, in[1], view_, in[0], zero_,
                                  view_, out[0]));
  }
};

// `lengths`: position of the array of lengths among the inputs, if there is one.
template <class Class, int lengths>
std::unique_ptr<Kernel> make_softmax(const KernelSpec& s) {
  const SoftmaxPlan p = plan_softmax(s, lengths);
  const DType type = s.out[0].dtype;
  if (!supports(type) || s.in[0].dtype != type || p.scale != 1 || p.has_length) return nullptr;
  return std::make_unique<Class>(p, type);
}

}  // namespace
}  // namespace cudnn

void register_cudnn_softmax(Registry& r) {
  r.add("softmax", cudnn::guarded(cudnn::make_softmax<cudnn::Forward, 1>));
  r.add("softmax_grad", cudnn::guarded(cudnn::make_softmax<cudnn::Backward, 2>));
}

}  // namespace paratrain
