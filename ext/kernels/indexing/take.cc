#include "kernels/indexing/take.h"

namespace paratrain {

TakePlan plan_take(const Shape& array, int64_t axis, int64_t positions) {
  TakePlan plan;
  const size_t at = static_cast<size_t>(axis);
  plan.axis = array.at(at);
  for (size_t d = 0; d < at; ++d) plan.outer *= array[d];
  for (size_t d = at + 1; d < array.size(); ++d) plan.inner *= array[d];
  plan.positions = positions;
  return plan;
}

TakePlan plan_pick(const KernelSpec& s, const TensorDesc& array) {
  const Shape& view = s.attrs.ints("view");
  TakePlan plan;
  plan.outer = view.at(0);
  plan.axis = view.at(1);
  plan.inner = view.at(2);
  if (count(view) != array.size() || s.in[1].size() != plan.outer * plan.inner) {
    throw std::logic_error("pick: the view does not fit the arrays");
  }
  return plan;
}

}  // namespace paratrain
