#include "kernels/nn/convolution.h"

namespace paratrain {

ConvGeometry conv_geometry(const Attrs& attrs, const Shape& data, const Shape& result) {
  const Shape &kernel = attrs.ints("kernel"), &stride = attrs.ints("stride"), &dilate = attrs.ints("dilate"),
              &pad = attrs.ints("pad");
  const size_t axes = kernel.size();
  if (axes < 1 || axes > 3 || data.size() != axes + 2 || result.size() != axes + 2) {
    throw std::invalid_argument("a convolution has one to three spatial axes; got data " + to_string(data));
  }
  ConvGeometry g;
  g.batch = data[0];
  g.channels = data[1];
  g.filters = result[1];
  g.groups = attrs.integer("num_group");
  for (size_t d = 0; d < 3; ++d) {
    const bool missing = d < 3 - axes;
    const size_t a = missing ? 0 : d - (3 - axes);
    g.in[d] = missing ? 1 : data[a + 2];
    g.out[d] = missing ? 1 : result[a + 2];
    g.kernel[d] = missing ? 1 : kernel[a];
    g.stride[d] = missing ? 1 : stride[a];
    g.dilate[d] = missing ? 1 : dilate[a];
    g.pad[d] = missing ? 0 : pad[a];
  }
  return g;
}

}  // namespace paratrain
