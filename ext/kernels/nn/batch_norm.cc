#include "kernels/nn/batch_norm.h"

namespace paratrain {

BatchNormGeometry batch_norm_geometry(const Attrs& attrs, const Shape& data) {
  const size_t axis = static_cast<size_t>(attrs.integer("axis"));
  BatchNormGeometry g;
  g.outer = g.inner = 1;
  g.channels = data.at(axis);
  for (size_t d = 0; d < data.size(); ++d) {
    if (d < axis) g.outer *= data[d];
    if (d > axis) g.inner *= data[d];
  }
  g.eps = attrs.real("eps");
  g.momentum = attrs.real("momentum");
  g.fix_gamma = attrs.flag("fix_gamma");
  g.batch_stats = attrs.flag("train") && !attrs.flag("use_global_stats");
  if (attrs.has("act")) {
    g.bound = attrs.text("act") == "relu" ? Bound::relu : Bound::clip;
    g.low = attrs.real("a_min");
    g.high = attrs.real("a_max");
  }
  return g;
}

}  // namespace paratrain
