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

}  // namespace paratrain
