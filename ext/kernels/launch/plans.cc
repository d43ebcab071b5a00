#include <algorithm>

#include "kernels/launch/launch.h"

namespace paratrain {
namespace {

// `shape` with ones in front up to ndim axes.
Shape padded(const Shape& shape, size_t ndim) {
  if (shape.size() > ndim) throw std::invalid_argument("a broadcast operand has more axes than the result");
  Shape out(ndim - shape.size(), 1);
  out.insert(out.end(), shape.begin(), shape.end());
  return out;
}

}  // namespace

BroadcastPlan plan_broadcast(const Shape& a_in, const Shape& b_in, const Shape& out) {
  const Shape a = padded(a_in, out.size()), b = padded(b_in, out.size());
  BroadcastPlan plan;
  plan.size = count(out);
  bool last_a = false, last_b = false;
  // Axes that behave alike in both operands are merged.
  for (size_t d = 0; d < out.size(); ++d) {
    if (out[d] == 1) continue;
    const bool in_a = a[d] != 1, in_b = b[d] != 1;
    if (plan.ndim > 0 && in_a == last_a && in_b == last_b) {
      plan.shape[plan.ndim - 1] *= out[d];
    } else {
      if (plan.ndim == kMaxDims) throw std::invalid_argument("at most 8 axes can be broadcast");
      plan.shape[plan.ndim] = out[d];
      plan.stride_a[plan.ndim] = in_a;
      plan.stride_b[plan.ndim] = in_b;
      ++plan.ndim;
    }
    last_a = in_a;
    last_b = in_b;
  }
  int64_t step_a = 1, step_b = 1;
  for (int d = plan.ndim - 1; d >= 0; --d) {
    const bool in_a = plan.stride_a[d] != 0, in_b = plan.stride_b[d] != 0;
    plan.stride_a[d] = in_a ? step_a : 0;
    plan.stride_b[d] = in_b ? step_b : 0;
    if (in_a) step_a *= plan.shape[d];
    if (in_b) step_b *= plan.shape[d];
  }
  return plan;
}

ReducePlan plan_reduce(const Shape& in, const std::vector<bool>& axes) {
  ReducePlan plan;
  struct Group {
    int64_t size;
    bool reduced;
  };
  std::vector<Group> groups;
  for (size_t d = 0; d < in.size(); ++d) {
    if (in[d] == 1) continue;
    if (!groups.empty() && groups.back().reduced == axes[d]) {
      groups.back().size *= in[d];
    } else {
      groups.push_back({in[d], axes[d]});
    }
  }
  if (groups.size() > kMaxDims) throw std::invalid_argument("at most 8 axes can be reduced");
  plan.last_kept = !groups.empty() && !groups.back().reduced;
  int64_t stride = 1;
  for (auto it = groups.rbegin(); it != groups.rend(); ++it) {
    int& n = it->reduced ? plan.reduced : plan.kept;
    (it->reduced ? plan.reduced_shape : plan.kept_shape)[n] = it->size;
    (it->reduced ? plan.reduced_stride : plan.kept_stride)[n] = stride;
    (it->reduced ? plan.length : plan.outputs) *= it->size;
    ++n;
    stride *= it->size;
  }
  std::reverse(plan.kept_shape, plan.kept_shape + plan.kept);
  std::reverse(plan.kept_stride, plan.kept_stride + plan.kept);
  std::reverse(plan.reduced_shape, plan.reduced_shape + plan.reduced);
  std::reverse(plan.reduced_stride, plan.reduced_stride + plan.reduced);
  return plan;
}

}  // namespace paratrain
