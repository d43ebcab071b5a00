#include "kernels/contrib/attention.h"

namespace paratrain {

PartPlan plan_part(const TensorDesc& d, int64_t heads, int64_t parts, int64_t which) {
  const Shape& shape = d.shape;
  if (shape.size() != 3 || shape[2] % (heads * parts)) throw std::logic_error("attention: the parts do not fit");
  return {shape[0], shape[1], heads, parts, which, shape[2] / heads / parts};
}

std::unique_ptr<Kernel> make_product(const Registry& r, const KernelSpec& like, int64_t batch, int64_t m, int64_t n,
                                     int64_t k, bool transposed, double alpha) {
  KernelSpec s;
  s.name = "gemm";
  s.plain = like.plain;
  const DType type = like.out[0].dtype;
  s.in = {{type, {batch, m, k}, nullptr}, {type, transposed ? Shape{batch, n, k} : Shape{batch, k, n}, nullptr}};
  s.out = {{type, {batch, m, n}, nullptr}};
  s.attrs.set("batch", batch);
  s.attrs.set("m", m);
  s.attrs.set("n", n);
  s.attrs.set("k", k);
  s.attrs.set("transpose_a", false);
  s.attrs.set("transpose_b", transposed);
  s.attrs.set("alpha", alpha);
  return r.make(s);
}

}  // namespace paratrain
