// "reorder": the same array in another layout.
#include "kernels/dnnl/common.h"

namespace paratrain::onednn {
namespace {

class Reorder final : public PrimitiveKernel {
 public:
  explicit Reorder(const KernelSpec& s) : PrimitiveKernel(s) {
    // The weights of a grouped convolution have an axis more for oneDNN; row by row that is the same array.
    const Shape shape = (s.in[0].layout ? desc_of(s.in[0]) : desc_of(s.out[0])).get_dims();
    const DnnlDesc from = s.in[0].layout ? desc_of(s.in[0]) : row_major(shape, s.in[0].dtype);
    const DnnlDesc to = s.out[0].layout ? desc_of(s.out[0]) : row_major(shape, s.out[0].dtype);
    const dnnl::reorder::primitive_desc pd(engine(), from, engine(), to, attributes());
    input(DNNL_ARG_FROM, 0, from, from, false);
    output(DNNL_ARG_TO, 0, to, to, false);
    primitive(dnnl::reorder(pd), pd);
  }
};

}  // namespace

void register_reorder(Registry& r) {
  r.add("reorder",
        guarded([](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<Reorder>(s); }));
}

}  // namespace paratrain::onednn
