#include "kernels/shape/strided.h"

namespace paratrain {
namespace {

// First and last element that the view touches must lie inside the array.
void check_inside(const StridedPlan& plan, int64_t elements) {
  if (plan.size == 0) return;
  int64_t first = plan.offset, last = plan.offset;
  for (int d = 0; d < plan.ndim; ++d) (plan.stride[d] < 0 ? first : last) += (plan.shape[d] - 1) * plan.stride[d];
  if (first < 0 || last >= elements) throw std::logic_error("a strided view leaves its array");
}

}  // namespace

StridedPlan plan_strided(const Shape& shape, const Shape& strides, int64_t offset, int64_t elements) {
  if (shape.size() != strides.size()) throw std::logic_error("a strided view needs one stride for each axis");
  StridedPlan plan;
  plan.size = count(shape);
  plan.offset = offset;
  if (plan.size == 0) return plan;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1) continue;
    if (plan.ndim > 0 && plan.stride[plan.ndim - 1] == strides[d] * shape[d]) {
      plan.shape[plan.ndim - 1] *= shape[d];
      plan.stride[plan.ndim - 1] = strides[d];
      continue;
    }
    if (plan.ndim == kMaxStrided) throw std::invalid_argument("the array has too many axes");
    plan.shape[plan.ndim] = shape[d];
    plan.stride[plan.ndim] = strides[d];
    ++plan.ndim;
  }
  check_inside(plan, elements);
  return plan;
}

uint64_t element_bits(DType type, double value) {
  return dispatch(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T element = static_cast<T>(static_cast<Compute<T>>(value));
    uint64_t bits = 0;
    std::memcpy(&bits, &element, sizeof(element));
    return bits;
  });
}

std::vector<StridedPlan> plan_slabs(const TensorDesc& whole, const std::vector<TensorDesc>& parts, int64_t axis,
                                    bool squeezed) {
  const size_t at = static_cast<size_t>(axis);
  int64_t outer = 1, inner = 1, start = 0;
  for (size_t d = 0; d < at; ++d) outer *= whole.shape[d];
  for (size_t d = at + 1; d < whole.shape.size(); ++d) inner *= whole.shape[d];
  const int64_t row = whole.shape.at(at) * inner;
  std::vector<StridedPlan> plans;
  for (const TensorDesc& part : parts) {
    const int64_t width = (squeezed ? 1 : part.shape.at(at)) * inner;
    if (outer * width != part.size()) throw std::logic_error("a slab has another size than its array");
    plans.push_back(plan_strided({outer, width}, {row, 1}, start, whole.size()));
    start += width;
  }
  if (start != row) throw std::logic_error("the slabs do not fill the array");
  return plans;
}

}  // namespace paratrain
