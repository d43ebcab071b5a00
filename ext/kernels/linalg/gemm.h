// Products of matrices: C[b] = op(A[b]) op(B[b]) for every b of a batch, op a transpose or nothing.
#pragma once
#include "kernels/launch/launch.h"
#include "kernels/linalg/product.h"

namespace paratrain {

// op(A) is (m, k), op(B) is (k, n), C is (m, n); all row by row.
struct GemmPlan {
  int64_t batch = 1, m = 0, n = 0, k = 0;
  bool transpose_a = false, transpose_b = false;
  double alpha = 1;
  size_t first = 0, second = 1;  // which inputs A and B are
};

// Attributes batch, m, n, k, transpose_a, transpose_b, alpha and, unless they are 0 and 1, first and second.
GemmPlan plan_gemm(const KernelSpec& s);

// One output at a time; gemm_cpu.h and the libraries do better.
template <class Device, class T>
struct GemmLoop {
  static size_t workspace_bytes(const GemmPlan&) { return 0; }
  static void run(const RunContext& ctx, const GemmPlan& plan, const T* a, const T* b, T* c) {
    using A = Compute<T>;
    const GemmPlan p = plan;
    const int64_t row_a = p.transpose_a ? 1 : p.k, step_a = p.transpose_a ? p.m : 1;
    const int64_t step_b = p.transpose_b ? 1 : p.n, column_b = p.transpose_b ? p.k : 1;
    const A alpha = static_cast<A>(p.alpha);
    Launch<Device>::map(ctx, p.batch * p.m * p.n, [=] PT_LAMBDA(int64_t i) {
      const int64_t matrix = i / (p.m * p.n), row = i / p.n % p.m, column = i % p.n;
      const T* x = a + matrix * p.m * p.k + row * row_a;
      const T* y = b + matrix * p.k * p.n + column * column_b;
      A sum = 0;
      for (int64_t j = 0; j < p.k; ++j) sum += static_cast<A>(x[j * step_a]) * static_cast<A>(y[j * step_b]);
      c[i] = static_cast<T>(alpha * sum);
    });
  }
};

template <class Device, class T>
struct GemmKernel : Kernel {
  explicit GemmKernel(const KernelSpec& s) : plan(plan_gemm(s)) {}
  size_t workspace_bytes() const override { return GemmLoop<Device, T>::workspace_bytes(plan); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    GemmLoop<Device, T>::run(ctx, plan, static_cast<const T*>(in[plan.first]), static_cast<const T*>(in[plan.second]),
                             static_cast<T*>(out[0]));
  }
  GemmPlan plan;
};

template <class Device>
void register_linalg(Registry& r) {
  r.add("gemm", [](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<GemmKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("matrix_product", [&r](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<ProductKernel<Device, typename decltype(tag)::type>>(r, s);
    });
  });
}

}  // namespace paratrain
