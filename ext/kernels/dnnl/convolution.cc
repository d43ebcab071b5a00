// Convolution and its gradients by oneDNN.
//
// Activations have their channels innermost ("channels last"): oneDNN's kernels for that order are as fast as those
// for its blocked orders, more so where the channels are no multiple of 16, nothing is padded, and elementwise
// functions run on it unchanged.  Where the caller wants row-major arrays, data and result are reordered at the border.
// Weights lie as the primitive likes them best, reordered in every run (they are small and change in training).
#include "kernels/nn/convolution.h"
#include "kernels/dnnl/common.h"

namespace paratrain::onednn {
namespace {

using dnnl::algorithm;
using dnnl::prop_kind;
using Dims = dnnl::memory::dims;

// The descriptors of one problem: data, weight, bias, result.
struct Problem {
  Problem(const Attrs& attrs, const TensorDesc& data, const TensorDesc& weight, const TensorDesc& result)
      : data(data),
        result(result),
        groups(attrs.integer("num_group")),
        strides(attrs.ints("stride")),
        dilates(attrs.ints("dilate")),
        pad(attrs.ints("pad")) {
    for (int64_t& d : dilates) d -= 1;  // oneDNN counts the elements left out
    weight_shape = weight.shape;
    if (groups > 1) {
      weight_shape[0] /= groups;
      weight_shape.insert(weight_shape.begin(), groups);
    }
    plain_weight = row_major(weight_shape, data.dtype);
    any_weight = DnnlDesc(weight_shape, type_of(data.dtype), dnnl::memory::format_tag::any);
    bias = row_major({result.shape[1]}, data.dtype);
  }
  TensorDesc data, result;
  int64_t groups;
  Dims strides, dilates, pad;
  Shape weight_shape;
  DnnlDesc plain_weight, any_weight, bias;
};

// Orders of the activations to try, best first.
enum class Order { channels_last, row_major };

DnnlDesc ordered(const TensorDesc& t, Order order) {
  return order == Order::channels_last ? channels_last(t.shape, t.dtype) : row_major(t.shape, t.dtype);
}

// Tries the orders until there is a primitive that is not a reference implementation; else throws dnnl::error.
template <class Try>
auto first_fast(Order preferred, Try attempt) {
  const Order other = preferred == Order::channels_last ? Order::row_major : Order::channels_last;
  for (const Order order : {preferred, other}) {
    try {
      auto pd = attempt(order);
      if (!is_reference(pd)) return std::make_pair(pd, order);
    } catch (const dnnl::error& e) {
      if (e.status != dnnl_unimplemented) throw;
    }
  }
  throw dnnl::error(dnnl_unimplemented, "no fast convolution");
}

auto forward_pd(const Problem& p, Order order, bool bias, const Tail* tail = nullptr) {
  const DnnlDesc src = ordered(p.data, order), dst = ordered(p.result, order);
  const auto kind = prop_kind::forward_training;
  const auto direct = algorithm::convolution_direct;
  using PD = dnnl::convolution_forward::primitive_desc;
  const auto attr = tail ? attributes_with(*tail, dst) : attributes();
  return bias ? PD(engine(), kind, direct, src, p.any_weight, p.bias, dst, p.strides, p.dilates, p.pad, p.pad, attr)
              : PD(engine(), kind, direct, src, p.any_weight, dst, p.strides, p.dilates, p.pad, p.pad, attr);
}

// (data, weight[, bias][, addend]) -> result
class Forward final : public PrimitiveKernel {
 public:
  explicit Forward(const KernelSpec& s) : PrimitiveKernel(s) {
    const Problem p(s.attrs, s.in[0], s.in[1], s.out[0]);
    const bool bias = s.attrs.flag("has_bias");
    const Tail tail(s.attrs);
    const auto pd =
        first_fast(Order::channels_last, [&](Order order) { return forward_pd(p, order, bias, &tail); }).first;
    if (tail.has_addend) {
      const size_t index = bias ? 3 : 2;
      input(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, index, desc_of(s.in[index]), pd.dst_desc(), true);
    }
    input(DNNL_ARG_SRC, 0, desc_of(s.in[0]), pd.src_desc(), true);
    input(DNNL_ARG_WEIGHTS, 1, p.plain_weight, pd.weights_desc(), true);
    if (bias) input(DNNL_ARG_BIAS, 2, p.bias, p.bias, false);
    output(DNNL_ARG_DST, 0, desc_of(s.out[0]), pd.dst_desc(), true);
    primitive(dnnl::convolution_forward(pd), pd);
  }
};

// (dY, weight[, bias]) -> dX
class DataGrad final : public PrimitiveKernel {
 public:
  explicit DataGrad(const KernelSpec& s) : PrimitiveKernel(s), has_bias_(s.attrs.flag("has_bias")) {
    const Problem p(s.attrs, s.out[0], s.in[1], s.in[0]);
    // With a few channels only, the channels-last kernels leave most of a vector empty.
    const Order preferred = s.out[0].shape[1] <= 4 ? Order::row_major : Order::channels_last;
    const auto pd =
        first_fast(preferred, [&](Order order) {
          return dnnl::convolution_backward_data::primitive_desc(
              engine(), algorithm::convolution_direct, ordered(p.data, order), p.any_weight, ordered(p.result, order),
              p.strides, p.dilates, p.pad, p.pad, forward_pd(p, order, false), attributes());
        }).first;
    input(DNNL_ARG_DIFF_DST, 0, desc_of(s.in[0]), pd.diff_dst_desc(), true);
    input(DNNL_ARG_WEIGHTS, 1, p.plain_weight, pd.weights_desc(), true);
    output(DNNL_ARG_DIFF_SRC, 0, desc_of(s.out[0]), pd.diff_src_desc(), true);
    primitive(dnnl::convolution_backward_data(pd), pd);
    if (has_bias_) add_bias(s, pd.diff_src_desc());
  }

 private:
  // A bias per channel is added where the result lies, before a reorder.
  void add_bias(const KernelSpec& s, const DnnlDesc& dst) {
    Shape shape(s.out[0].shape.size(), 1);
    shape[1] = s.out[0].shape[1];
    const dnnl::binary::primitive_desc pd(engine(), algorithm::binary_add, dst, row_major(shape, s.out[0].dtype), dst);
    add_ = dnnl::binary(pd);
    bias_ = dnnl::memory(pd.src1_desc(), engine(), nullptr);
  }
  void after(char*, void* const* in, void* const*) override {
    if (!has_bias_) return;
    bias_.set_data_handle(in[2]);
    const dnnl::memory& y = argument(DNNL_ARG_DIFF_SRC);
    add_.execute(stream(), {{DNNL_ARG_SRC_0, y}, {DNNL_ARG_SRC_1, bias_}, {DNNL_ARG_DST, y}});
  }
  bool has_bias_;
  dnnl::binary add_;
  dnnl::memory bias_;
};

// (dY, data) -> dW[, db]
class WeightGrad final : public PrimitiveKernel {
 public:
  explicit WeightGrad(const KernelSpec& s) : PrimitiveKernel(s) {
    const Problem p(s.attrs, s.in[1], s.out[0], s.in[0]);
    const bool bias = s.out.size() > 1;
    const auto pd = first_fast(Order::channels_last, [&](Order order) { return primitive_desc(p, order, bias); }).first;
    input(DNNL_ARG_DIFF_DST, 0, desc_of(s.in[0]), pd.diff_dst_desc(), true);
    input(DNNL_ARG_SRC, 1, desc_of(s.in[1]), pd.src_desc(), true);
    output(DNNL_ARG_DIFF_WEIGHTS, 0, p.plain_weight, pd.diff_weights_desc(), false);
    if (bias) output(DNNL_ARG_DIFF_BIAS, 1, p.bias, p.bias, false);
    primitive(dnnl::convolution_backward_weights(pd), pd);
  }

 private:
  static dnnl::convolution_backward_weights::primitive_desc primitive_desc(const Problem& p, Order order, bool bias) {
    using PD = dnnl::convolution_backward_weights::primitive_desc;
    const DnnlDesc src = ordered(p.data, order), dst = ordered(p.result, order);
    const auto direct = algorithm::convolution_direct;
    const auto hint = forward_pd(p, order, bias);
    return bias ? PD(engine(), direct, src, p.any_weight, p.bias, dst, p.strides, p.dilates, p.pad, p.pad, hint,
                     attributes())
                : PD(engine(), direct, src, p.any_weight, dst, p.strides, p.dilates, p.pad, p.pad, hint, attributes());
  }
};

template <class Class>
std::unique_ptr<Kernel> make_convolution(const KernelSpec& s) {
  return supports(s.in[0].dtype) ? std::make_unique<Class>(s) : nullptr;
}

}  // namespace

void register_convolution(Registry& r) {
  r.add("convolution", guarded(make_convolution<Forward>));
  r.add("convolution_act", guarded(make_convolution<Forward>));
  r.add("convolution_data_grad", guarded(make_convolution<DataGrad>));
  r.add("convolution_weight_grad", guarded(make_convolution<WeightGrad>));
}

}  // namespace paratrain::onednn
