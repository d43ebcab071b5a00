#include <cublas_v2.h>

#include <limits>

#include "cuda/cuda_library.h"
#include "cuda/handles.h"
#include "kernels/cublas/common.h"
#include "kernels/linalg/gemm.h"

namespace paratrain {
namespace cublas {
namespace {

void check(cublasStatus_t status, const char* call, const char* file, int line) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  if (status == CUBLAS_STATUS_ALLOC_FAILED) throw std::bad_alloc();
  cuda::fail("cuBLAS", std::string(cublasGetStatusName(status)) + ", " + cublasGetStatusString(status), call, file,
             line);
}
#define PT_CUBLAS(call) check((call), #call, __FILE__, __LINE__)

constexpr size_t kWorkspace = size_t{32} << 20;  // what cuBLAS recommends for the largest GPUs

// Scratch memory of our own: cuBLAS's would become a part of every CUDA graph.
struct Handle {
  cublasHandle_t blas = nullptr;
  void* workspace = nullptr;
};

Handle create() {
  Handle handle;
  PT_CUBLAS(cublasCreate(&handle.blas));
  // sums of half precision products stay in float to the end
  const int mode = CUBLAS_DEFAULT_MATH | CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
  PT_CUBLAS(cublasSetMathMode(handle.blas, static_cast<cublasMath_t>(mode)));
  PT_CUDA(cudaMalloc(&handle.workspace, kWorkspace));
  return handle;
}

cuda::Handles<Handle>& handles() {
  static auto* all = new cuda::Handles<Handle>(create);
  return *all;
}

void use_stream(const Handle& handle, const RunContext& ctx) {
  PT_CUBLAS(cublasSetStream(handle.blas, cuda::stream_of(ctx.stream)));  // which forgets the workspace
  PT_CUBLAS(cublasSetWorkspace(handle.blas, handle.workspace, kWorkspace));
}

cudaDataType_t type_of(DType type) {
  switch (type) {
    case DType::float32: return CUDA_R_32F;
    case DType::float64: return CUDA_R_64F;
    case DType::float16: return CUDA_R_16F;
    case DType::bfloat16: return CUDA_R_16BF;
    default: throw std::logic_error(std::string("cuBLAS is not used for ") + name_of(type));
  }
}

cublasComputeType_t compute_type(DType type) {
  if (type == DType::float64) return CUBLAS_COMPUTE_64F;
  return type == DType::float32 && cuda::allow_tf32() ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
}

// Attributes as for the plain kernel.
class Gemm final : public Kernel {
 public:
  Gemm(const Product& product, size_t first, size_t second) : product_(product), first_(first), second_(second) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    product_.run(ctx, in[first_], in[second_], out[0]);
  }
  std::string implementation() const override { return "cublas"; }

 private:
  Product product_;
  size_t first_, second_;  // which inputs A and B are
};

}  // namespace

bool Product::supported() const {
  if (type != DType::float32 && type != DType::float64 && type != DType::float16 && type != DType::bfloat16)
    return false;
  for (int64_t size : {batch, m, n, k}) {
    if (size < 1 || size > std::numeric_limits<int>::max()) return false;
  }
  return true;
}

// cuBLAS reads columns: it sees every matrix transposed, and C^T = op(B)^T op(A)^T.
void Product::run(const RunContext& ctx, const void* a, const void* b, void* c) const {
  const auto lease = handles().lease();
  const Handle handle = lease;
  use_stream(handle, ctx);
  const cublasOperation_t op_a = transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N,
                          op_b = transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N;
  const int rows = static_cast<int>(m), columns = static_cast<int>(n), inner = static_cast<int>(k);
  const int step_a = transpose_a ? rows : inner, step_b = transpose_b ? inner : columns;
  const float alpha_f = static_cast<float>(alpha), beta_f = static_cast<float>(beta);
  const bool wide = type == DType::float64;
  const void* by = wide ? static_cast<const void*>(&alpha) : &alpha_f;
  const void* keep = wide ? static_cast<const void*>(&beta) : &beta_f;
  const cudaDataType_t t = type_of(type);
  const cublasComputeType_t compute = compute_type(type);
  if (batch == 1) {
    PT_CUBLAS(cublasGemmEx(handle.blas, op_b, op_a, columns, rows, inner, by, b, t, step_b, a, t, step_a, keep, c, t,
                           columns, compute, CUBLAS_GEMM_DEFAULT));
  } else {
    PT_CUBLAS(cublasGemmStridedBatchedEx(handle.blas, op_b, op_a, columns, rows, inner, by, b, t, step_b, k * n, a, t,
                                         step_a, m * k, keep, c, t, columns, m * n, static_cast<int>(batch), compute,
                                         CUBLAS_GEMM_DEFAULT));
  }
}

}  // namespace cublas

void register_cublas_gemm(Registry& r) {
  r.add("gemm", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    const GemmPlan p = plan_gemm(s);
    cublas::Product product;
    product.type = s.out[0].dtype;
    product.transpose_a = p.transpose_a;
    product.transpose_b = p.transpose_b;
    product.batch = p.batch;
    product.m = p.m;
    product.n = p.n;
    product.k = p.k;
    product.alpha = p.alpha;
    return product.supported() ? std::make_unique<cublas::Gemm>(product, p.first, p.second) : nullptr;
  });
}

}  // namespace paratrain
