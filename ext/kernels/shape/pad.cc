#include "kernels/shape/pad.h"

namespace paratrain {

PadPlan plan_pad(const KernelSpec& s, const Shape& in, const Shape& out) {
  if (in.size() > kMaxDims) throw std::invalid_argument("at most 8 axes can be padded");
  PadPlan plan;
  plan.ndim = static_cast<int>(in.size());
  plan.reflect = s.attrs.text("mode") == "reflect";
  plan.in_size = count(in);
  plan.out_size = count(out);
  for (size_t d = 0; d < in.size(); ++d) {
    plan.in_shape[d] = in[d];
    plan.out_shape[d] = out[d];
    plan.before[d] = s.attrs.ints("before").at(d);
  }
  return plan;
}

}  // namespace paratrain
