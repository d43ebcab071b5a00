// Convolutions by Winograd's method (kernels/winograd/) as kernels, and when they are chosen.
//
// Measured against oneDNN's direct kernels (2023.2.0, channels last, transform of the weights included), one thread of
// an AMD EPYC (Zen 4, AVX-512): GFLOP/s of direct arithmetic, direct -> F(2 x 2) -> F(4 x 4) with 3 x 3 taps.
//
//     batch  channels     size |      forward     data gradient   weight gradient
//       128        16  32 x 32 | 102  139  167     103  136  175     114  139  173
//       128        32  16 x 16 | 111  190  265     104  176  227     105  166  232
//       128        64    8 x 8 | 132  218  347     130  219  338     122  209  282
//        16        64  56 x 56 | 114  205  308     114  207  306      96  201  283
//        16       128  28 x 28 | 119  219  333     119  224  343     106  202  299
//        16       256  14 x 14 | 122  211  274     123  228  281     115  210  246
//        16       512    7 x 7 | 130  150  197     135  161  198      92  153  187
//         1        64  56 x 56 | 118  218  333     115  217  331     112  206  292
//         1       128  28 x 28 | 121  209  266     121  211  272     110  175  266
//         1       256  14 x 14 | 126  149  136     127  151  134     100  179  134
//
// and F(2 x 2) with 5 x 5 taps: batch 64, 20 -> 50 channels, 12 x 12 without padding: forward 79 -> 165, weight
// gradient 83 -> 166; the data gradient 64 -> 61, as most of what tiles read lies beyond the edges there.
//
// The weights are transformed in every run of a program that changes them; with few tiles that is most of the work, as
// the last line shows.  Where they stay as they are, the transform is a layout, which the program keeps; then few tiles
// are bound by reading the transformed weights (4 times as many as weights with F(4 x 4)).
#include <omp.h>

#include <algorithm>
#include <limits>

#include "kernels/dnnl/common.h"
#include "kernels/nn/convolution.h"
#include "kernels/winograd/winograd.h"

namespace paratrain::onednn {
namespace {

using winograd::Filters;
using winograd::Form;
using winograd::Method;

// Fewer tiles are not worth the transform of the weights; with 2 x 2 results there are four times as many.
constexpr int64_t kMinTiles = 48, kMinTilesTransformed = 32, kMinLargeTiles = 32;
constexpr double kMostProducts = 0.67;
// Bytes of a layer's transformed weights that a program keeps for the sake of larger tiles: 512 channels would take 38
// MB instead of 17 to be 1.3 times as fast at batch 16.
constexpr int64_t kMostKept = 16 << 20;

// "winograd:avx512:4x3" for F(4 x 4, 3 x 3) in AVX-512.
std::string name_of(const Method& m) {
  return std::string("winograd:") + m.isa + ":" + std::to_string(m.form.results) + "x" + std::to_string(m.form.taps);
}

// Transformed weights.
struct WeightLayout final : Layout {
  WeightLayout(const Method& method, const Filters& filters) : method(method), filters(filters) {}
  int64_t bytes() const override {
    return winograd::transformed_size(method.form, filters.in_channels, filters.out_channels) *
           static_cast<int64_t>(sizeof(float));
  }
  bool equals(const Layout& other) const override {
    const auto* o = dynamic_cast<const WeightLayout*>(&other);
    return o != nullptr && &o->method == &method && o->filters.in_channels == filters.in_channels &&
           o->filters.out_channels == filters.out_channels && o->filters.turned == filters.turned;
  }
  std::string name() const override { return name_of(method); }
  std::vector<int64_t> order() const override { return {}; }
  std::shared_ptr<const Layout> with_dtype(DType) const override { return nullptr; }

  const Method& method;
  const Filters filters;
};

// "reorder" to that layout.
struct WeightTransform final : Kernel {
  explicit WeightTransform(const WeightLayout& to) : method(to.method), filters(to.filters) {}
  void run(const RunContext&, void* const* in, void* const* out) override {
    winograd::transform_weights(method, filters, static_cast<const float*>(in[0]), static_cast<float*>(out[0]));
  }
  bool uses_openmp() const override { return true; }
  std::string implementation() const override { return name_of(method); }

  const Method& method;
  const Filters filters;
};

// Whether the method serves a convolution at all.
bool is_possible(const KernelSpec& s, const Shape& data, const Shape& result) {
  if (s.in[0].dtype != DType::float32 || data.size() != 4) return false;
  const Shape ones = {1, 1}, &kernel = s.attrs.ints("kernel");
  return (kernel == Shape{3, 3} || kernel == Shape{5, 5}) && s.attrs.ints("stride") == ones &&
         s.attrs.ints("dilate") == ones && s.attrs.integer("num_group") == 1 && data[1] >= winograd::kChannels &&
         result[1] >= winograd::kChannels;
}

// What is computed: results; the gradient of the data as results of dY; or that gradient, added up from patches.
enum class Direction { forward, turned, added };

// Products for each image and pair of channels, with those computed in vain at edges and in the last vectors.
double products(const winograd::Problem& p, Direction direction) {
  const int64_t channels = direction == Direction::added ? p.in_channels : p.out_channels;
  const double filled = static_cast<double>(winograd::filled_up(channels)) / static_cast<double>(channels);
  return filled * static_cast<double>(p.form.places() * p.tile_rows() * p.tile_columns());
}

// Whether it is faster, by the table above: enough tiles, and at most a share of the products of the direct sums, which
// leave out what lies beyond the edges.
bool is_faster(const winograd::Problem& p, Direction direction, bool transformed) {
  const int64_t enough = p.form.results > 2 ? kMinLargeTiles : transformed ? kMinTilesTransformed : kMinTiles;
  const bool kept = transformed && p.form.results > 2;
  if (kept && winograd::transformed_size(p) * static_cast<int64_t>(sizeof(float)) > kMostKept) return false;
  const int64_t places = std::min(p.in[0] * p.in[1], p.out[0] * p.out[1]);
  const double direct = static_cast<double>(p.form.taps * p.form.taps * places);
  return p.tiles() >= enough && products(p, direction) <= kMostProducts * direct;
}

// Whether an input stays as it is from run to run, and so a layout of it may be kept.
bool is_constant(const KernelSpec& s, int64_t index) {
  if (!s.any_layout || !s.attrs.has("constant")) return false;
  const Shape& constant = s.attrs.ints("constant");
  return std::find(constant.begin(), constant.end(), index) != constant.end();
}

// The convolution of a kernel if Winograd's method is to compute it.
struct Choice {
  // `data` and `result` are those of the forward convolution.
  Choice(const KernelSpec& s, const Shape& data, const Shape& result, Direction direction) {
    if (!is_possible(s, data, result)) return;
    const ConvGeometry g = conv_geometry(s.attrs, data, result);
    const int64_t taps = s.attrs.ints("kernel")[0], in_step = taps * taps, out_step = in_step * g.channels;
    problem = {g.batch, g.channels, g.filters, {g.in[1], g.in[2]}, {g.out[1], g.out[2]}, {g.pad[1], g.pad[2]}, {}};
    filters = {g.channels, g.filters, in_step, out_step, false};
    if (direction == Direction::turned) problem = turned(problem, taps);
    if (direction != Direction::forward) {
      filters = {g.filters, g.channels, out_step, in_step, direction == Direction::turned};
    }
    choose(s, taps, direction);
  }

  winograd::Problem problem;
  Filters filters;
  const Method* method = nullptr;

 private:
  // For tests and measurements attributes decide: the name of a set of instructions, "best" or "never", and the form.
  void choose(const KernelSpec& s, int64_t taps, Direction direction) {
    const std::string asked = s.attrs.has("winograd") ? s.attrs.text("winograd") : "";
    const int64_t results = s.attrs.has("winograd_results") ? s.attrs.integer("winograd_results") : 0;
    if (asked == "never") return;
    double fewest = std::numeric_limits<double>::infinity();
    for (const Method& m : winograd::methods(asked.c_str()).of) {
      if (m.form.taps != taps || (results && m.form.results != results)) continue;
      winograd::Problem p = problem;
      p.form = m.form;
      if (asked.empty() && !is_faster(p, direction, is_constant(s, 1))) continue;
      if (products(p, direction) >= fewest) continue;
      fewest = products(p, direction);
      problem.form = m.form;
      method = &m;
    }
  }
  // The gradient of the data is a convolution of dY; what was beyond the edges is now inside and the other way round.
  static winograd::Problem turned(const winograd::Problem& p, int64_t taps) {
    return {p.batch,
            p.out_channels,
            p.in_channels,
            {p.out[0], p.out[1]},
            {p.in[0], p.in[1]},
            {taps - 1 - p.pad[0], taps - 1 - p.pad[1]},
            {}};
  }
};

class WinogradKernel : public PrimitiveKernel {
 public:
  WinogradKernel(const KernelSpec& s, const Choice& c)
      : PrimitiveKernel(s), method_(*c.method), problem_(c.problem), filters_(c.filters) {}
  std::string implementation() const override { return name_of(method_); }

 protected:
  void data_in(int arg, size_t index, const TensorDesc& t) {
    input(arg, index, desc_of(t), channels_last(t.shape, t.dtype), true);
  }
  void data_out(int arg, const TensorDesc& t) { output(arg, 0, desc_of(t), channels_last(t.shape, t.dtype), true); }
  size_t floats(int64_t count) { return reserve(static_cast<size_t>(count) * sizeof(float)); }
  float* array(int arg) const { return static_cast<float*>(data_of(arg)); }
  static float* at(const RunContext& ctx, size_t offset) { return reinterpret_cast<float*>(ctx.workspace + offset); }

  const Method& method_;
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
        has_addend_(Tail(s.attrs).has_addend),
        is_transformed_(is_constant(s, 1)) {
    const Tail tail(s.attrs);
    if (tail.act == Act::relu) tail_.low = 0.0f;
    if (tail.act == Act::clip) tail_ = {nullptr, static_cast<float>(tail.low), static_cast<float>(tail.high)};
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
    scratch_ = floats(winograd::forward_scratch(problem_, method_, threads_));
  }
  std::vector<std::shared_ptr<const Layout>> in_layouts() const override {
    auto layouts = WinogradKernel::in_layouts();
    if (is_transformed_) layouts[1] = std::make_shared<WeightLayout>(method_, filters_);
    return layouts;
  }

 private:
  static constexpr int kAddend = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;

  void before(char* workspace, void* const* in, void* const*) override {
    weights_ = is_transformed_ ? static_cast<float*>(in[1]) : reinterpret_cast<float*>(workspace + transformed_);
  }
  void compute(const RunContext& ctx) override {
    if (!is_transformed_) winograd::transform_weights(method_, filters_, array(DNNL_ARG_WEIGHTS), weights_);
    if (has_addend_) tail_.addend = array(kAddend);
    winograd::forward(method_, problem_, array(DNNL_ARG_SRC), weights_, has_bias_ ? array(DNNL_ARG_BIAS) : nullptr,
                      tail_, array(DNNL_ARG_DST), at(ctx, scratch_), threads_);
  }
  const bool has_bias_, has_addend_, is_transformed_;
  winograd::Tail tail_;
  size_t transformed_ = 0, scratch_ = 0;
  float* weights_ = nullptr;  // of this run, transformed
};

// (dY, weight) -> dX, added up from patches
class WinogradDataGrad final : public WinogradKernel {
 public:
  WinogradDataGrad(const KernelSpec& s, const Choice& c) : WinogradKernel(s, c) {
    data_in(DNNL_ARG_DIFF_DST, 0, s.in[0]);
    const DnnlDesc weight = row_major(s.in[1].shape, s.in[1].dtype);
    input(DNNL_ARG_WEIGHTS, 1, weight, weight, false);
    data_out(DNNL_ARG_DIFF_SRC, s.out[0]);
    transformed_ = floats(winograd::transformed_size(problem_.form, filters_.in_channels, filters_.out_channels));
    scratch_ = floats(winograd::data_grad_scratch(problem_, method_, threads_));
  }
  std::string implementation() const override { return name_of(method_) + ":added"; }

 private:
  void compute(const RunContext& ctx) override {
    winograd::transform_weights(method_, filters_, array(DNNL_ARG_WEIGHTS), at(ctx, transformed_));
    winograd::data_grad(method_, problem_, array(DNNL_ARG_DIFF_DST), at(ctx, transformed_), array(DNNL_ARG_DIFF_SRC),
                        at(ctx, scratch_), threads_);
  }
  size_t transformed_, scratch_;
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
    winograd::weight_grad(method_, problem_, filters_, array(DNNL_ARG_DIFF_DST), array(DNNL_ARG_SRC),
                          array(DNNL_ARG_DIFF_WEIGHTS), has_bias_ ? array(DNNL_ARG_DIFF_BIAS) : nullptr,
                          at(ctx, scratch_), threads_);
  }
  bool has_bias_;
  size_t scratch_;
};

template <class Class>
std::unique_ptr<Kernel> made(const KernelSpec& s, const Choice& choice) {
  return choice.method ? std::make_unique<Class>(s, choice) : nullptr;
}

std::unique_ptr<Kernel> make_forward(const KernelSpec& s) {
  const Act act = Tail(s.attrs).act;
  if (act == Act::tanh || act == Act::sigmoid) return nullptr;
  return made<WinogradConvolution>(s, Choice(s, s.in[0].shape, s.out[0].shape, Direction::forward));
}

std::unique_ptr<Kernel> make_data_grad(const KernelSpec& s) {
  const bool added = s.attrs.has("winograd_added") && s.attrs.flag("winograd_added");  // for tests
  const Choice turned(s, s.out[0].shape, s.in[0].shape, Direction::turned);
  if (s.attrs.flag("has_bias") || (turned.method && !added)) return made<WinogradConvolution>(s, turned);
  return made<WinogradDataGrad>(s, Choice(s, s.out[0].shape, s.in[0].shape, Direction::added));
}

std::unique_ptr<Kernel> make_weight_grad(const KernelSpec& s) {
  return made<WinogradWeightGrad>(s, Choice(s, s.in[1].shape, s.in[0].shape, Direction::forward));
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
