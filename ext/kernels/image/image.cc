#include "kernels/image/resample.h"

namespace paratrain {

ResamplePlan plan_resample(const KernelSpec& s) {
  const Shape &before = s.in[0].shape, &after = s.out[0].shape;
  const size_t first = before.size() - 3;
  const Resample mode = static_cast<Resample>(s.attrs.integer("interp"));
  const auto axis = [&](size_t d) {
    return resample::Axis{before.at(first + d),
                          after.at(first + d),
                          static_cast<double>(before[first + d]) / static_cast<double>(after[first + d]),
                          mode,
                          false,
                          d == 1};
  };
  ResamplePlan p;
  p.images = first == 0 ? 1 : before[0];
  p.channels = before.back();
  p.rows = axis(0);
  p.columns = axis(1);
  const bool halved = mode == Resample::linear && p.rows.scale == 2 && p.columns.scale == 2;
  const bool smaller = p.rows.scale >= 1 && p.columns.scale >= 1;
  p.means = halved || (mode == Resample::area && smaller);
  if (mode == Resample::area && !smaller) p.rows.stretched = p.columns.stretched = true;
  return p;
}

}  // namespace paratrain
