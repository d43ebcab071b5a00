#include "kernels/nn/pooling.h"

namespace paratrain {
namespace {

// Element strides of an array with axes (N, C, spatial...), or (N, spatial..., C), for three spatial axes.
void strides(const int64_t* spatial, int64_t channels, bool channels_last, int64_t& image, int64_t& channel,
             int64_t* step) {
  channel = channels_last ? 1 : spatial[0] * spatial[1] * spatial[2];
  step[2] = channels_last ? channels : 1;
  step[1] = step[2] * spatial[2];
  step[0] = step[1] * spatial[1];
  image = channels * spatial[0] * spatial[1] * spatial[2];
}

PoolType pool_type(const std::string& name) {
  if (name == "max") return PoolType::max;
  if (name == "avg") return PoolType::avg;
  return name == "sum" ? PoolType::sum : PoolType::lp;
}

}  // namespace

PoolGeometry pool_geometry(const Attrs& attrs, const Shape& data, const Shape& result) {
  const Shape &kernel = attrs.ints("kernel"), &stride = attrs.ints("stride"), &pad = attrs.ints("pad");
  const size_t axes = kernel.size();
  if (axes < 1 || axes > 3 || data.size() != axes + 2 || result.size() != axes + 2) {
    throw std::invalid_argument("pooling works on one to three spatial axes; got data " + to_string(data));
  }
  const bool last = attrs.flag("channels_last");
  const size_t first = last ? 1 : 2;
  PoolGeometry g;
  g.type = pool_type(attrs.text("pool_type"));
  g.count_pad = attrs.flag("count_include_pad");
  g.p = static_cast<int>(attrs.integer("p_value"));
  g.batch = data[0];
  g.channels = data[last ? axes + 1 : 1];
  for (size_t d = 0; d < 3; ++d) {
    const bool missing = d < 3 - axes;
    const size_t a = missing ? 0 : d - (3 - axes);
    g.in[d] = missing ? 1 : data[a + first];
    g.out[d] = missing ? 1 : result[a + first];
    g.kernel[d] = missing ? 1 : kernel[a];
    g.stride[d] = missing ? 1 : stride[a];
    g.pad[d] = missing ? 0 : pad[a];
  }
  strides(g.in, g.channels, last, g.in_image, g.in_channel, g.in_step);
  strides(g.out, g.channels, last, g.out_image, g.out_channel, g.out_step);
  return g;
}

}  // namespace paratrain
