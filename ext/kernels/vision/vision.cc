#include <stdexcept>

#include "kernels/vision/columns.h"
#include "kernels/vision/correlation.h"
#include "kernels/vision/deformable.h"
#include "kernels/vision/regions.h"
#include "kernels/vision/resize.h"
#include "kernels/vision/sampler.h"

namespace paratrain {

PlaneSizes plane_sizes(const Shape& before, const Shape& after) {
  if (before.size() != 4 || after.size() != 4) {
    throw std::invalid_argument("images have the axes (N, C, H, W); got " + to_string(before));
  }
  return {before[0] * before[1], before[2], before[3], after[2], after[3]};
}

LinearAxis linear_axis(int64_t in, int64_t out, bool corners) {
  LinearAxis axis;
  axis.in = in;
  axis.out = out;
  axis.corners = corners;
  if (out > 1) {
    axis.step = corners ? static_cast<double>(in - 1) / static_cast<double>(out - 1)
                        : static_cast<double>(in) / static_cast<double>(out);
  }
  return axis;
}

SamplerSizes sampler_sizes(const Shape& data, const Shape& result) {
  return {data.at(0), data.at(1), data.at(2), data.at(3), result.at(2), result.at(3)};
}

CorrelationPlan plan_correlation(const Attrs& attrs, const Shape& data, const Shape& result) {
  CorrelationPlan p;
  p.batch = data.at(0);
  p.channels = data.at(1);
  p.h = data.at(2);
  p.w = data.at(3);
  p.out_h = result.at(2);
  p.out_w = result.at(3);
  p.kernel = attrs.integer("kernel_size");
  p.displacement = attrs.integer("max_displacement");
  p.stride1 = attrs.integer("stride1");
  p.stride2 = attrs.integer("stride2");
  p.pad = attrs.integer("pad_size");
  p.radius = p.displacement / p.stride2;
  p.multiply = attrs.flag("is_multiply");
  return p;
}

ConvGeometry column_geometry(const Attrs& attrs, const Shape& data) {
  Attrs all = attrs;
  all.set("num_group", int64_t{1});
  Shape result{data.at(0), data.at(1)};
  for (int64_t n : attrs.ints("windows")) result.push_back(n);
  return conv_geometry(all, data, result);
}

DeformablePlan plan_deformable(const Attrs& attrs, const Shape& data, const Shape& result) {
  DeformablePlan p;
  p.g = conv_geometry(attrs, data, result);
  p.deformables = attrs.integer("num_deformable_group");
  p.modulated = attrs.flag("modulated");
  p.has_bias = attrs.flag("has_bias");
  return p;
}

RegionPlan plan_regions(const Attrs& attrs, const Shape& data, const Shape& rois, const Shape& result) {
  if (count({data.at(2), data.at(3)}) > INT32_MAX) throw std::invalid_argument("images have too many elements");
  RegionPlan p;
  p.batch = data.at(0);
  p.channels = data.at(1);
  p.h = data.at(2);
  p.w = data.at(3);
  p.rois = rois.at(0);
  p.out_channels = result.at(1);
  p.bins_h = result.at(2);
  p.bins_w = result.at(3);
  p.scale = attrs.real("spatial_scale");
  p.group = attrs.has("group_size") ? attrs.integer("group_size") : 1;
  p.samples = attrs.has("sample_ratio") ? attrs.integer("sample_ratio") : 0;
  p.sensitive = attrs.has("position_sensitive") && attrs.flag("position_sensitive");
  p.shift = attrs.has("aligned") && attrs.flag("aligned") ? 0.5 : 0.0;
  return p;
}

}  // namespace paratrain
