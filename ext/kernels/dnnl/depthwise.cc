// Depthwise convolutions by our own loops (kernels/depthwise/) as kernels.
//
// Measured against oneDNN's (2023.2.0, channels last), the layers of MobileNetV2 at batch 16 added up, two threads of
// an AMD EPYC (Zen 3, AVX2) whose memory copies 7 GB/s: forward 54 -> 41 ms, data gradient 49 -> 43, weight gradient 72
// -> 41. Large images are bound by memory; there it is the prefetching that counts, as there are more streams than the
// processor follows by itself (144 channels, 56 x 56: 12 ms without, 7 with).
#include "kernels/depthwise/depthwise.h"

#include "kernels/dnnl/common.h"
#include "kernels/nn/convolution.h"

namespace paratrain::onednn {
namespace {

using depthwise::Method;
using depthwise::Problem;

// Fewer channels leave vectors empty.
constexpr int64_t kFewest = 8;

// Whether these loops serve a convolution, whose data and result these are.
bool is_possible(const KernelSpec& s, const Shape& data, const Shape& result) {
  if (s.in[0].dtype != DType::float32 || data.size() != 4 || data[1] < kFewest) return false;
  if (s.attrs.integer("num_group") != data[1] || result[1] != data[1]) return false;
  const Shape &kernel = s.attrs.ints("kernel"), &stride = s.attrs.ints("stride");
  return (kernel == Shape{3, 3} || kernel == Shape{5, 5}) && (stride == Shape{1, 1} || stride == Shape{2, 2}) &&
         s.attrs.ints("dilate") == Shape{1, 1};
}

Problem problem_of(const KernelSpec& s, const Shape& data, const Shape& result) {
  const ConvGeometry g = conv_geometry(s.attrs, data, result);
  return {g.batch,     g.channels, {g.in[1], g.in[2]}, {g.out[1], g.out[2]}, {g.pad[1], g.pad[2]},
          g.kernel[1], g.stride[1]};
}

// For tests and measurements an attribute decides: the name of a set of instructions, or "never".
std::string asked_for(const KernelSpec& s) { return s.attrs.has("depthwise") ? s.attrs.text("depthwise") : ""; }

class DepthwiseKernel : public PrimitiveKernel {
 public:
  DepthwiseKernel(const KernelSpec& s, const Problem& p)
      : PrimitiveKernel(s), method_(depthwise::method(asked_for(s).c_str())), problem_(p) {}
  std::string implementation() const override { return std::string("depthwise:") + method_.isa; }

 protected:
  void activations_in(int arg, size_t index, const TensorDesc& t) {
    input(arg, index, desc_of(t), channels_last(t.shape, t.dtype), true);
  }
  void activations_out(int arg, const TensorDesc& t) {
    output(arg, 0, desc_of(t), channels_last(t.shape, t.dtype), true);
  }
  void plain_in(int arg, size_t index, const TensorDesc& t) {
    input(arg, index, row_major(t.shape, t.dtype), row_major(t.shape, t.dtype), false);
  }
  void plain_out(int arg, size_t index, const TensorDesc& t) {
    output(arg, index, row_major(t.shape, t.dtype), row_major(t.shape, t.dtype), false);
  }
  void reserve_floats(int64_t count) { scratch_ = reserve(static_cast<size_t>(count) * sizeof(float)); }
  float* scratch_of(const RunContext& ctx) const { return reinterpret_cast<float*>(ctx.workspace + scratch_); }
  float* array(int arg) const { return static_cast<float*>(data_of(arg)); }

  const Method& method_;
  const Problem problem_;

 private:
  size_t scratch_ = 0;
};

// (data, weight[, bias][, addend]) -> result, and (dY, weight[, bias]) -> dX
class Sums final : public DepthwiseKernel {
 public:
  Sums(const KernelSpec& s, const Problem& p, bool is_grad)
      : DepthwiseKernel(s, p), is_grad_(is_grad), has_bias_(s.attrs.flag("has_bias")) {
    const paratrain::Tail tail(s.attrs);
    has_addend_ = tail.has_addend;
    if (tail.act == Act::relu) tail_.low = 0.0f;
    if (tail.act == Act::clip) {
      tail_.low = static_cast<float>(tail.low);
      tail_.high = static_cast<float>(tail.high);
    }
    activations_in(DNNL_ARG_SRC, 0, s.in[0]);
    plain_in(DNNL_ARG_WEIGHTS, 1, s.in[1]);
    if (has_bias_) plain_in(DNNL_ARG_BIAS, 2, s.in[2]);
    if (has_addend_) activations_in(kAddend, has_bias_ ? 3 : 2, s.in[has_bias_ ? 3 : 2]);
    activations_out(DNNL_ARG_DST, s.out[0]);
    reserve_floats(depthwise::scratch(p));
  }

 private:
  static constexpr int kAddend = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;

  void compute(const RunContext& ctx) override {
    if (has_bias_) tail_.bias = array(DNNL_ARG_BIAS);
    if (has_addend_) tail_.addend = array(kAddend);
    const auto run = is_grad_ ? depthwise::data_grad : depthwise::forward;
    run(ctx, method_, problem_, array(DNNL_ARG_SRC), array(DNNL_ARG_WEIGHTS), tail_, array(DNNL_ARG_DST),
        scratch_of(ctx));
  }
  const bool is_grad_, has_bias_;
  bool has_addend_ = false;
  depthwise::Tail tail_;
};

// (dY, data) -> dW[, db]
class WeightGrad final : public DepthwiseKernel {
 public:
  WeightGrad(const KernelSpec& s, const Problem& p) : DepthwiseKernel(s, p), has_bias_(s.out.size() > 1) {
    activations_in(DNNL_ARG_DIFF_DST, 0, s.in[0]);
    activations_in(DNNL_ARG_SRC, 1, s.in[1]);
    plain_out(DNNL_ARG_DIFF_WEIGHTS, 0, s.out[0]);
    if (has_bias_) plain_out(DNNL_ARG_DIFF_BIAS, 1, s.out[1]);
    reserve_floats(depthwise::weight_grad_scratch(p));
  }

 private:
  void compute(const RunContext& ctx) override {
    depthwise::weight_grad(ctx, method_, problem_, array(DNNL_ARG_DIFF_DST), array(DNNL_ARG_SRC),
                           array(DNNL_ARG_DIFF_WEIGHTS), has_bias_ ? array(DNNL_ARG_DIFF_BIAS) : nullptr,
                           scratch_of(ctx));
  }
  const bool has_bias_;
};

template <class Class, class... More>
std::unique_ptr<Kernel> made(const KernelSpec& s, const Shape& data, const Shape& result, More... more) {
  if (asked_for(s) == "never" || !is_possible(s, data, result)) return nullptr;
  return std::make_unique<Class>(s, problem_of(s, data, result), more...);
}

std::unique_ptr<Kernel> make_forward(const KernelSpec& s) {
  const Act act = paratrain::Tail(s.attrs).act;
  if (act == Act::tanh || act == Act::sigmoid) return nullptr;
  return made<Sums>(s, s.in[0].shape, s.out[0].shape, false);
}

std::unique_ptr<Kernel> make_data_grad(const KernelSpec& s) {
  return made<Sums>(s, s.out[0].shape, s.in[0].shape, true);
}

std::unique_ptr<Kernel> make_weight_grad(const KernelSpec& s) {
  return made<WeightGrad>(s, s.in[1].shape, s.in[0].shape);
}

}  // namespace

void register_depthwise(Registry& r) {
  r.add("convolution", guarded(make_forward));
  r.add("convolution_act", guarded(make_forward));
  r.add("convolution_data_grad", guarded(make_data_grad));
  r.add("convolution_weight_grad", guarded(make_weight_grad));
}

}  // namespace paratrain::onednn
