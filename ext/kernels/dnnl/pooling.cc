// Max and average pooling by oneDNN, in the order of axes in which the data comes.
#include "kernels/nn/pooling.h"
#include "kernels/dnnl/common.h"

namespace paratrain::onednn {
namespace {

using dnnl::algorithm;
using Dims = dnnl::memory::dims;

// Windows and algorithm of one problem; throws dnnl::error where oneDNN means something else.
struct Problem {
  Problem(const Attrs& attrs, const TensorDesc& data, const TensorDesc& result)
      : kernel(attrs.ints("kernel")),
        strides(attrs.ints("stride")),
        before(attrs.ints("pad")),
        after(before),
        dilates(kernel.size(), 0) {
    const std::string& type = attrs.text("pool_type");
    const bool counted = attrs.flag("count_include_pad");
    maximum = type == "max";
    if (attrs.flag("channels_last") || (!maximum && type != "avg")) refuse();
    function = maximum ? algorithm::pooling_max
                       : (counted ? algorithm::pooling_avg_include_padding : algorithm::pooling_avg_exclude_padding);
    for (size_t d = 0; d < kernel.size(); ++d) {
      const int64_t size = data.shape[d + 2], last = (result.shape[d + 2] - 1) * strides[d] - before[d];
      after[d] = std::max<int64_t>(last + kernel[d] - size, 0);
      // Windows wholly in the padding, and averages over windows that stick out of it, have a meaning of their own.
      if (last >= size || before[d] >= kernel[d]) refuse();
      if (!maximum && counted && after[d] > before[d]) refuse();
    }
  }
  [[noreturn]] static void refuse() { throw dnnl::error(dnnl_unimplemented, "another kind of pooling"); }

  Dims kernel, strides, before, after, dilates;
  bool maximum;
  algorithm function;
};

dnnl::pooling_forward::primitive_desc forward_pd(const Problem& p, const DnnlDesc& src, const DnnlDesc& dst) {
  return dnnl::pooling_forward::primitive_desc(engine(), dnnl::prop_kind::forward_training, p.function, src, dst,
                                               p.strides, p.kernel, p.dilates, p.before, p.after, attributes());
}

// The order of axes in which the primitive works: that of the incoming array.
DnnlDesc ordered(const TensorDesc& tensor, bool last) {
  return last ? channels_last(tensor.shape, tensor.dtype) : row_major(tensor.shape, tensor.dtype);
}

// oneDNN's workspace of max pooling is the place of each maximum within its window, laid out as the result.
void check_indices(const DnnlDesc& workspace, const DnnlDesc& indices) {
  if (workspace != indices) Problem::refuse();
}

// (data) -> result[, indices]
class Forward final : public PrimitiveKernel {
 public:
  explicit Forward(const KernelSpec& s) : PrimitiveKernel(s) {
    const Problem p(s.attrs, s.in[0], s.out[0]);
    const bool last = s.any_layout && is_channels_last(s.in[0]);
    const DnnlDesc src = ordered(s.in[0], last), dst = ordered(s.out[0], last);
    const auto pd = forward_pd(p, src, dst);
    if (is_reference(pd)) Problem::refuse();
    input(DNNL_ARG_SRC, 0, desc_of(s.in[0]), src, true);
    output(DNNL_ARG_DST, 0, desc_of(s.out[0]), dst, true);
    if (p.maximum) {
      const DnnlDesc indices = ordered(s.out[1], last);
      check_indices(pd.workspace_desc(), indices);
      output(DNNL_ARG_WORKSPACE, 1, desc_of(s.out[1]), indices, true);
    }
    primitive(dnnl::pooling_forward(pd), pd);
  }
};

// max: (dY, like, indices) -> dX; avg: (dY, like) -> dX
class Backward final : public PrimitiveKernel {
 public:
  explicit Backward(const KernelSpec& s) : PrimitiveKernel(s) {
    const Problem p(s.attrs, s.out[0], s.in[0]);
    const bool last = s.any_layout && (p.maximum ? is_channels_last(s.in[2]) : is_channels_last(s.in[0]));
    const DnnlDesc src = ordered(s.out[0], last), dst = ordered(s.in[0], last);
    const dnnl::pooling_backward::primitive_desc pd(engine(), p.function, src, dst, p.strides, p.kernel, p.dilates,
                                                    p.before, p.after, forward_pd(p, src, dst), attributes());
    if (is_reference(pd)) Problem::refuse();
    input(DNNL_ARG_DIFF_DST, 0, desc_of(s.in[0]), dst, true);
    output(DNNL_ARG_DIFF_SRC, 0, desc_of(s.out[0]), src, true);
    if (p.maximum) {
      const DnnlDesc indices = ordered(s.in[2], last);
      check_indices(pd.workspace_desc(), indices);
      input(DNNL_ARG_WORKSPACE, 2, desc_of(s.in[2]), indices, true);
    }
    primitive(dnnl::pooling_backward(pd), pd);
  }
};

template <class Class>
std::unique_ptr<Kernel> make_pooling(const KernelSpec& s) {
  return supports(s.in[0].dtype) ? std::make_unique<Class>(s) : nullptr;
}

}  // namespace

void register_pooling(Registry& r) {
  r.add("pooling", guarded(make_pooling<Forward>));
  r.add("pooling_grad", guarded(make_pooling<Backward>));
}

}  // namespace paratrain::onednn
