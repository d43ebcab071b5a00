#include "kernels/loss/softmax.h"

namespace paratrain {

SoftmaxPlan plan_softmax(const KernelSpec& s, size_t lengths) {
  SoftmaxPlan plan;
  const Shape& view = s.attrs.ints("view");
  plan.outer = view.at(0);
  plan.n = view.at(1);
  plan.inner = view.at(2);
  if (plan.outer * plan.n * plan.inner != s.out[0].size()) throw std::logic_error("softmax: the view has another size");
  plan.scale = s.attrs.real("scale");
  plan.log = s.attrs.flag("log");
  plan.has_length = s.attrs.flag("has_length");
  if (plan.has_length) {
    const TensorDesc& given = s.in.at(lengths);
    if (given.size() != plan.outer * plan.inner) throw std::logic_error("softmax: one length is needed for each row");
    plan.type = given.dtype;
  }
  return plan;
}

}  // namespace paratrain
