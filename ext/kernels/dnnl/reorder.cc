// "reorder": the same array in another layout.
#include "kernels/dnnl/common.h"

namespace paratrain::onednn {
namespace {

class Reorder final : public PrimitiveKernel {
 public:
  explicit Reorder(const KernelSpec& s) : PrimitiveKernel(s) {
    const DnnlDesc from = desc_of(s.in[0]), to = desc_of(s.out[0]);
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
