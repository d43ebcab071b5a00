#include "kernels/indexing/nd.h"

namespace paratrain {

CoordinatePlan plan_coordinates(const Shape& array, const Shape& coordinates) {
  CoordinatePlan plan;
  const size_t depth = static_cast<size_t>(coordinates.at(0));
  if (depth > kMaxDims || depth > array.size())
    throw std::invalid_argument("coordinates have more axes than the array");
  plan.depth = static_cast<int>(depth);
  plan.positions = count(coordinates) / std::max<int64_t>(coordinates[0], 1);
  for (size_t d = 0; d < array.size(); ++d) {
    (d < depth ? plan.rows : plan.inner) *= array[d];
    if (d < depth) plan.shape[d] = array[d];
  }
  if (plan.rows == 0 && plan.positions > 0) throw std::invalid_argument("an empty array has no coordinates");
  return plan;
}

void check_coordinates(const CoordinatePlan& plan, const IndexArray& index) {
  for (int d = 0; d < plan.depth; ++d) {
    for (int64_t k = 0; k < plan.positions; ++k) {
      const int64_t at = index[d * plan.positions + k];
      if (at < -plan.shape[d] || at >= plan.shape[d]) {
        throw std::out_of_range("coordinate " + std::to_string(at) + " of axis " + std::to_string(d) + " at position " +
                                std::to_string(k) + " is outside of its size " + std::to_string(plan.shape[d]));
      }
    }
  }
}

SequencePlan plan_sequence(const KernelSpec& s, const Shape& data, size_t lengths) {
  SequencePlan plan;
  plan.batch_first = s.attrs.integer("axis") == 1;
  plan.steps = data.at(plan.batch_first ? 1 : 0);
  plan.batch = data.at(plan.batch_first ? 0 : 1);
  for (size_t d = 2; d < data.size(); ++d) plan.inner *= data[d];
  plan.has_length = s.attrs.flag("has_length");
  if (plan.has_length) plan.type = s.in.at(lengths).dtype;
  return plan;
}

}  // namespace paratrain
