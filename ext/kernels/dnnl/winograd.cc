// Convolutions by Winograd's method (kernels/winograd/) as kernels, and when they are chosen.
//
// Measured against oneDNN's direct kernels (2023.2.0, channels last, reorder of the weights included), one thread of an
// AMD EPYC (Zen 4, AVX-512): how many times as fast.
//
//     batch  channels     size | forward  data gradient  weight gradient
//       128        16  32 x 32 |    1.35           1.35             1.20
//       128        32  16 x 16 |    1.65           1.65             1.70
//       128        64    8 x 8 |    1.65           1.70             1.85
//        16        64  56 x 56 |    1.85           1.85             2.05
//        16       128  28 x 28 |    1.90           1.90             2.05
//        16       256  14 x 14 |    1.90           1.95             1.95
//        16       512    7 x 7 |    1.25           1.40             1.75
//         1        64  56 x 56 |    1.90           1.95             1.95
//         1       128  28 x 28 |    1.85           1.85             1.95
//         1       256  14 x 14 |    1.50           1.50             1.70
//         1       512    7 x 7 |    0.75           0.75             0.95
//
// The weights are transformed in every run of a program that changes them; with few tiles that is most of the work, as
// the last line shows.  Where they stay as they are, the transform is a layout, which the program keeps.
#include <omp.h>

#include <algorithm>

#include "kernels/dnnl/common.h"
#include "kernels/nn/convolution.h"
#include "kernels/winograd/winograd.h"

namespace paratrain::onednn {
namespace {

using winograd::Filters;
using winograd::Isa;

constexpr int64_t kMinTiles = 48, kMinTilesTransformed = 12;

// Transformed weights.
struct WeightLayout final : Layout {
  WeightLayout(const Isa& isa, const Filters& filters) : isa(isa), filters(filters) {}
  int64_t bytes() const override {
    return winograd::kPlaces * filters.in_channels * filters.out_channels * static_cast<int64_t>(sizeof(float));
  }
  bool equals(const Layout& other) const override {
    const auto* o = dynamic_cast<const WeightLayout*>(&other);
    return o != nullptr && &o->isa == &isa && o->filters.in_channels == filters.in_channels &&
           o->filters.out_channels == filters.out_channels && o->filters.turned == filters.turned;
  }
  std::string name() const override { return std::string("winograd:") + isa.name; }
  std::vector<int64_t> order() const override { return {}; }
  std::shared_ptr<const Layout> with_dtype(DType) const override { return nullptr; }

  const Isa& isa;
  const Filters filters;
};

// "reorder" to that layout.
struct WeightTransform final : Kernel {
  explicit WeightTransform(const WeightLayout& to) : isa(to.isa), filters(to.filters) {}
  void run(const RunContext&, void* const* in, void* const* out) override {
    winograd::transform_weights(isa, filters, static_cast<const float*>(in[0]), static_cast<float*>(out[0]));
  }
  bool uses_openmp() const override { return true; }
  std::string implementation() const override { return std::string("winograd:") + isa.name; }

  const Isa& isa;
  const Filters filters;
};

// Whether the method serves a convolution at all.
bool is_possible(const KernelSpec& s, const Shape& data, const Shape& result) {
  if (s.in[0].dtype != DType::float32 || data.size() != 4) return false;
  const Shape ones = {1, 1};
  return s.attrs.ints("kernel") == Shape{3, 3} && s.attrs.ints("stride") == ones && s.attrs.ints("dilate") == ones &&
         s.attrs.integer("num_group") == 1 && data[1] % winograd::kChannels == 0 &&
         result[1] % winograd::kChannels == 0;
}

// Whether it is faster, by the table above.  Tiles hang over the edges of odd lengths: at most half as many results as
// are wanted may be computed in vain.
bool is_faster(const winograd::Problem& p, bool transformed) {
  const int64_t computed = 4 * p.tile_rows() * p.tile_columns(), wanted = p.out[0] * p.out[1];
  return p.tiles() >= (transformed ? kMinTilesTransformed : kMinTiles) && 2 * computed <= 3 * wanted;
}

// Whether an input stays as it is from run to run, and so a layout of it may be kept.
bool is_constant(const KernelSpec& s, int64_t index) {
  if (!s.any_layout || !s.attrs.has("constant")) return false;
  const Shape& constant = s.attrs.ints("constant");
  return std::find(constant.begin(), constant.end(), index) != constant.end();
}

// The convolution of a kernel if Winograd's method is to compute it.
struct Choice {
  // `data` and `result` are those of the forward convolution; `turn`: the kernel computes the gradient of the data.
  Choice(const KernelSpec& s, const Shape& data, const Shape& result, bool turn) {
    if (!is_possible(s, data, result)) return;
    const ConvGeometry g = conv_geometry(s.attrs, data, result);
    problem = {g.batch, g.channels, g.filters, {g.in[1], g.in[2]}, {g.out[1], g.out[2]}, {g.pad[1], g.pad[2]}};
    filters = {g.channels, g.filters, 9, 9 * g.channels, false};
    if (turn) {
      problem = turned(problem);
      filters = {g.filters, g.channels, 9 * g.channels, 9, true};
    }
    // For tests and measurements an attribute decides instead: the name of a set of instructions, "best" or "never".
    const std::string asked = s.attrs.has("winograd")                 ? s.attrs.text("winograd")
                              : is_faster(problem, is_constant(s, 1)) ? "best"
                                                                      : "never";
    if (asked != "never") isa = asked == winograd::kBaseline.name ? &winograd::kBaseline : &winograd::best_isa();
  }

  winograd::Problem problem;
  Filters filters;
  const Isa* isa = nullptr;

 private:
  // The gradient of the data is a convolution of dY; what was beyond the edges is now inside and the other way round.
  static winograd::Problem turned(const winograd::Problem& p) {
    return {
        p.batch, p.out_channels, p.in_channels, {p.out[0], p.out[1]}, {p.in[0], p.in[1]}, {2 - p.pad[0], 2 - p.pad[1]}};
  }
};

class WinogradKernel : public PrimitiveKernel {
 public:
  WinogradKernel(const KernelSpec& s, const Choice& c)
      : PrimitiveKernel(s), isa_(*c.isa), problem_(c.problem), filters_(c.filters) {}
  std::string implementation() const override { return std::string("winograd:") + isa_.name; }

 protected:
  void data_in(int arg, size_t index, const TensorDesc& t) {
    input(arg, index, desc_of(t), channels_last(t.shape, t.dtype), true);
  }
  void data_out(int arg, const TensorDesc& t) { output(arg, 0, desc_of(t), channels_last(t.shape, t.dtype), true); }
  size_t floats(int64_t count) { return reserve(static_cast<size_t>(count) * sizeof(float)); }
  float* array(int arg) const { return static_cast<float*>(data_of(arg)); }
  static float* at(const RunContext& ctx, size_t offset) { return reinterpret_cast<float*>(ctx.workspace + offset); }

  const Isa& isa_;
  const winograd::Problem problem_;
  const Filters filters_;
  const int threads_ = omp_get_max_threads();  // that there is scratch memory for
};

// (data, weight[, bias][, addend]) -> result, and (dY, weight[, bias]) -> dX
class WinogradConvolution final : public WinogradKernel {
 public:
  WinogradConvolution(const KernelSpec& s, const Choice& c)
      : WinogradKernel(s, c),
        has_bias_(s.attrs.flag("has_bias")),
        has_addend_(ConvTail(s.attrs).has_addend),
        is_transformed_(is_constant(s, 1)) {
    const ConvTail tail(s.attrs);
    if (tail.act == ConvAct::relu) tail_.low = 0.0f;
    if (tail.act == ConvAct::clip) tail_ = {nullptr, static_cast<float>(tail.low), static_cast<float>(tail.high)};
    data_in(DNNL_ARG_SRC, 0, s.in[0]);
    if (!is_transformed_) {
      const DnnlDesc weight = row_major(s.in[1].shape, s.in[1].dtype);
      input(DNNL_ARG_WEIGHTS, 1, weight, weight, false);
      transformed_ = floats(winograd::transformed_size(problem_));
    }
    if (has_addend_) data_in(kAddend, has_bias_ ? 3 : 2, s.in[has_bias_ ? 3 : 2]);
    if (has_bias_) {
      const DnnlDesc bias = row_major(s.in[2].shape, s.in[2].dtype);
      input(DNNL_ARG_BIAS, 2, bias, bias, false);
    }
    data_out(DNNL_ARG_DST, s.out[0]);
    scratch_ = floats(winograd::forward_scratch(problem_, isa_, threads_));
  }
  std::vector<std::shared_ptr<const Layout>> in_layouts() const override {
    auto layouts = WinogradKernel::in_layouts();
    if (is_transformed_) layouts[1] = std::make_shared<WeightLayout>(isa_, filters_);
    return layouts;
  }

 private:
  static constexpr int kAddend = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;

  void before(char* workspace, void* const* in, void* const*) override {
    weights_ = is_transformed_ ? static_cast<float*>(in[1]) : reinterpret_cast<float*>(workspace + transformed_);
  }
  void compute(const RunContext& ctx) override {
    if (!is_transformed_) winograd::transform_weights(isa_, filters_, array(DNNL_ARG_WEIGHTS), weights_);
    if (has_addend_) tail_.addend = array(kAddend);
    winograd::forward(isa_, problem_, array(DNNL_ARG_SRC), weights_, has_bias_ ? array(DNNL_ARG_BIAS) : nullptr, tail_,
                      array(DNNL_ARG_DST), at(ctx, scratch_), threads_);
  }
  const bool has_bias_, has_addend_, is_transformed_;
  winograd::Tail tail_;
  size_t transformed_ = 0, scratch_ = 0;
  float* weights_ = nullptr;  // of this run, transformed
};

// (dY, data) -> dW[, db]
class WinogradWeightGrad final : public WinogradKernel {
 public:
  WinogradWeightGrad(const KernelSpec& s, const Choice& c) : WinogradKernel(s, c), has_bias_(s.out.size() > 1) {
    const DnnlDesc weight = row_major(s.out[0].shape, s.out[0].dtype);
    data_in(DNNL_ARG_DIFF_DST, 0, s.in[0]);
    data_in(DNNL_ARG_SRC, 1, s.in[1]);
    output(DNNL_ARG_DIFF_WEIGHTS, 0, weight, weight, false);
    if (has_bias_) {
      const DnnlDesc bias = row_major(s.out[1].shape, s.out[1].dtype);
      output(DNNL_ARG_DIFF_BIAS, 1, bias, bias, false);
    }
    scratch_ = floats(winograd::weight_grad_scratch(problem_, threads_));
  }

 private:
  void compute(const RunContext& ctx) override {
    winograd::weight_grad(isa_, problem_, filters_, array(DNNL_ARG_DIFF_DST), array(DNNL_ARG_SRC),
                          array(DNNL_ARG_DIFF_WEIGHTS), has_bias_ ? array(DNNL_ARG_DIFF_BIAS) : nullptr,
                          at(ctx, scratch_), threads_);
  }
  bool has_bias_;
  size_t scratch_;
};

template <class Class>
std::unique_ptr<Kernel> made(const KernelSpec& s, const Choice& choice) {
  return choice.isa ? std::make_unique<Class>(s, choice) : nullptr;
}

std::unique_ptr<Kernel> make_forward(const KernelSpec& s) {
  const ConvAct act = ConvTail(s.attrs).act;
  if (act == ConvAct::tanh || act == ConvAct::sigmoid) return nullptr;
  return made<WinogradConvolution>(s, Choice(s, s.in[0].shape, s.out[0].shape, false));
}

std::unique_ptr<Kernel> make_data_grad(const KernelSpec& s) {
  return made<WinogradConvolution>(s, Choice(s, s.out[0].shape, s.in[0].shape, true));
}

std::unique_ptr<Kernel> make_weight_grad(const KernelSpec& s) {
  return made<WinogradWeightGrad>(s, Choice(s, s.in[1].shape, s.in[0].shape, false));
}

}  // namespace

void register_winograd(Registry& r) {
  r.add("convolution", guarded(make_forward));
  r.add("convolution_act", guarded(make_forward));
  r.add("convolution_data_grad", guarded(make_data_grad));
  r.add("convolution_weight_grad", guarded(make_weight_grad));
  r.add("reorder", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    const auto* layout = dynamic_cast<const WeightLayout*>(s.out[0].layout.get());
    return layout ? std::make_unique<WeightTransform>(*layout) : nullptr;
  });
}

}  // namespace paratrain::onednn
