// Products of matrices by oneDNN, where they are large enough to pay for the call.
#include "kernels/dnnl/common.h"
#include "kernels/linalg/gemm.h"

namespace paratrain::onednn {
namespace {

constexpr int64_t kWorthwhile = 32 * 32 * 32;  // multiplications in all; below, the plain kernel is faster

DnnlDesc matrices(int64_t batch, int64_t rows, int64_t columns, bool transposed, DType type) {
  const Shape strides = transposed ? Shape{rows * columns, 1, rows} : Shape{rows * columns, columns, 1};
  return DnnlDesc({batch, rows, columns}, type_of(type), strides);
}

class Dot final : public PrimitiveKernel {
 public:
  explicit Dot(const KernelSpec& spec) : PrimitiveKernel(spec) {
    const GemmPlan p = plan_gemm(spec);
    const DnnlDesc a = matrices(p.batch, p.m, p.k, p.transpose_a, spec.in[p.first].dtype);
    const DnnlDesc b = matrices(p.batch, p.k, p.n, p.transpose_b, spec.in[p.second].dtype);
    const DnnlDesc c = matrices(p.batch, p.m, p.n, false, spec.out[0].dtype);
    dnnl::primitive_attr attr = attributes();
    if (p.alpha != 1) {
      dnnl::post_ops after;
      after.append_eltwise(dnnl::algorithm::eltwise_linear, static_cast<float>(p.alpha), 0.0f);
      attr.set_post_ops(after);
    }
    const dnnl::matmul::primitive_desc pd(engine(), a, b, c, attr);
    if (is_reference(pd)) throw dnnl::error(dnnl_unimplemented, "only the slow reference implementation");
    input(DNNL_ARG_SRC, p.first, a, a, false);
    input(DNNL_ARG_WEIGHTS, p.second, b, b, false);
    output(DNNL_ARG_DST, 0, c, c, false);
    primitive(dnnl::matmul(pd), pd);
  }
};

std::unique_ptr<Kernel> make_dot(const KernelSpec& spec) {
  const GemmPlan p = plan_gemm(spec);
  if (!supports(spec.out[0].dtype) || p.batch * p.m * p.n * p.k < kWorthwhile) return nullptr;
  return std::make_unique<Dot>(spec);
}

}  // namespace

void register_dot(Registry& r) { r.add("gemm", guarded(make_dot)); }

}  // namespace paratrain::onednn
