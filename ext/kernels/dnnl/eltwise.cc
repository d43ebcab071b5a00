// Functions whose plain loop calls the C library for every element, by oneDNN's vector code.  Not exp, which gives
// infinity for NaN there, nor log, which loses digits near 1.
#include "kernels/dnnl/common.h"

namespace paratrain::onednn {
namespace {

using dnnl::algorithm;

// Fewer elements than this are not worth starting threads for.
constexpr int64_t kFewest = 128;

class Eltwise final : public PrimitiveKernel {
 public:
  Eltwise(const KernelSpec& s, algorithm function, float alpha) : PrimitiveKernel(s) {
    // one line of numbers, however they are laid out
    const DnnlDesc line = row_major({s.in[0].size()}, s.in[0].dtype);
    const dnnl::eltwise_forward::primitive_desc pd(engine(), dnnl::prop_kind::forward_inference, function, line, line,
                                                   alpha, 0.0f, attributes());
    if (is_reference(pd)) throw dnnl::error(dnnl_unimplemented, "reference only");
    input(DNNL_ARG_SRC, 0, line, line, false);
    output(DNNL_ARG_DST, 0, line, line, false);
    primitive(dnnl::eltwise_forward(pd), pd);
  }
};

template <algorithm function>
std::unique_ptr<Kernel> make_eltwise(const KernelSpec& s) {
  if (!supports(s.in[0].dtype) || s.in[0].size() < kFewest || s.in[0].layout) return nullptr;
  return std::make_unique<Eltwise>(s, function, function == algorithm::eltwise_soft_relu ? 1.0f : 0.0f);
}

}  // namespace

void register_eltwise(Registry& r) {
  r.add("tanh", guarded(make_eltwise<algorithm::eltwise_tanh>));
  r.add("sigmoid", guarded(make_eltwise<algorithm::eltwise_logistic>));
  r.add("softrelu", guarded(make_eltwise<algorithm::eltwise_soft_relu>));
}

}  // namespace paratrain::onednn
