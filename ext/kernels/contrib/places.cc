#include "kernels/contrib/places.h"

namespace paratrain {

SpacePlan plan_space(const Shape& shape) {
  if (shape.size() > kMaxDims) throw std::invalid_argument("at most 8 axes are supported");
  SpacePlan p;
  p.ndim = static_cast<int>(shape.size());
  int64_t step = 1;
  for (int d = p.ndim - 1; d >= 0; --d) {
    p.size[d] = shape[static_cast<size_t>(d)];
    p.step[d] = step;
    step *= p.size[d];
  }
  return p;
}

void BinCounts<Cpu>::run(const RunContext&, const BinPlan& plan, const RealArray& x, int64_t n, const RealArray& edges,
                         int64_t* counts) {
  for (int64_t bin = 0; bin < plan.bins; ++bin) counts[bin] = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t bin = plan.place(x[i], edges);
    if (bin >= 0) ++counts[bin];
  }
}

}  // namespace paratrain
