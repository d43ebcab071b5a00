#include "kernels/linalg/factor.h"

namespace paratrain {

template <>
void raise_failures<Cpu>(const int64_t* failed, int64_t n, const char* what) {
  for (int64_t b = 0; b < n; ++b) {
    if (failed[b]) throw std::invalid_argument("matrix " + std::to_string(b) + " of the batch " + what);
  }
}

TrianglePlan plan_triangle(const KernelSpec& s, const TensorDesc& packed) {
  TrianglePlan p;
  p.n = s.attrs.integer("n");
  p.offset = s.attrs.integer("offset");
  p.upper = s.attrs.flag("upper");
  p.packed = packed.shape.back();
  p.batch = p.packed ? packed.size() / p.packed : 0;
  const int64_t side = p.n - (p.offset < 0 ? -p.offset : p.offset);
  if (p.packed != side * (side + 1) / 2) throw std::logic_error("triangle: the arrays do not fit each other");
  return p;
}

}  // namespace paratrain
