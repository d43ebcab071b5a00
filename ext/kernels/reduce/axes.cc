#include "kernels/reduce/reduce.h"

namespace paratrain {

std::vector<bool> reduced_axes(const KernelSpec& s) {
  const Shape& axes = s.attrs.ints("axes");
  std::vector<bool> out(s.in[0].shape.size(), false);
  for (int64_t axis : axes) out.at(static_cast<size_t>(axis)) = true;
  return out;
}

std::vector<bool> repeated_axes(const Shape& in, const Shape& out) {
  if (out.size() > in.size()) throw std::invalid_argument("cannot sum an array to one with more axes");
  const size_t front = in.size() - out.size();
  std::vector<bool> axes(in.size());
  for (size_t d = 0; d < in.size(); ++d) axes[d] = d < front || (out[d - front] == 1 && in[d] != 1);
  return axes;
}

}  // namespace paratrain
