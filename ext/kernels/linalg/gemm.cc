#include "kernels/linalg/gemm.h"

namespace paratrain {

GemmPlan plan_gemm(const KernelSpec& s) {
  GemmPlan p;
  p.batch = s.attrs.integer("batch");
  p.m = s.attrs.integer("m");
  p.n = s.attrs.integer("n");
  p.k = s.attrs.integer("k");
  p.transpose_a = s.attrs.flag("transpose_a");
  p.transpose_b = s.attrs.flag("transpose_b");
  p.alpha = s.attrs.real("alpha");
  if (s.attrs.has("first")) {
    p.first = static_cast<size_t>(s.attrs.integer("first"));
    p.second = static_cast<size_t>(s.attrs.integer("second"));
  }
  if (s.in.at(p.first).size() != p.batch * p.m * p.k || s.in.at(p.second).size() != p.batch * p.k * p.n ||
      s.out[0].size() != p.batch * p.m * p.n) {
    throw std::logic_error("gemm: the arrays do not have the sizes of the matrices");
  }
  return p;
}

}  // namespace paratrain
