#include "kernels/random/random.h"

namespace paratrain {

DropoutPlan plan_dropout(const KernelSpec& s) {
  DropoutPlan plan;
  const Shape& shape = s.in[0].shape;
  const Shape& axes = s.attrs.ints("axes");
  plan.n = s.in[0].size();
  plan.shared = !axes.empty();
  if (!plan.shared) return plan;
  if (shape.size() > kMaxDims) throw std::invalid_argument("at most 8 axes are supported");
  plan.ndim = static_cast<int>(shape.size());
  int64_t step = 1;
  for (int d = plan.ndim - 1; d >= 0; --d) {
    bool repeated = false;
    for (int64_t axis : axes) repeated = repeated || axis == d;
    plan.shape[d] = shape[static_cast<size_t>(d)];
    plan.stride[d] = repeated ? 0 : step;
    if (!repeated) step *= plan.shape[d];
  }
  return plan;
}

}  // namespace paratrain
