// FullyConnected and its gradients.  The bias is written first and the product added to it, in the precision in which
// cuBLAS sums.
#include "cuda/cuda_library.h"
#include "kernels/cublas/common.h"
#include "kernels/launch/cuda.cuh"
#include "kernels/nn/fully_connected.h"

namespace paratrain {
namespace cublas {

class ProductKernel : public Kernel {
 public:
  explicit ProductKernel(const Product& product) : product_(product) {}
  std::string implementation() const override { return "cublas"; }

 protected:
  Product product_;
};

// (data, weight[, bias]) -> result
template <class T>
class DenseForward final : public ProductKernel {
 public:
  DenseForward(Product product, bool has_bias) : ProductKernel(product), has_bias_(has_bias) {
    product_.beta = has_bias ? 1 : 0;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    if (has_bias_) {
      const T* bias = static_cast<const T*>(in[2]);
      T* y = static_cast<T*>(out[0]);
      const int64_t units = product_.n;
      Launch<Cuda>::map(ctx, product_.m * units, [=] PT_LAMBDA(int64_t i) { y[i] = bias[i % units]; });
    }
    product_.run(ctx, in[0], in[1], out[0]);
  }

 private:
  bool has_bias_;
};

// (dY, weight, ...) -> dX
template <class T>
class DenseDataGrad final : public ProductKernel {
 public:
  DenseDataGrad(Product product, bool) : ProductKernel(product) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    product_.run(ctx, in[0], in[1], out[0]);
  }
};

// (dY, data) -> dW[, db]
template <class T>
class DenseWeightGrad final : public ProductKernel {
 public:
  DenseWeightGrad(Product product, bool has_bias)
      : ProductKernel(product), has_bias_(has_bias), plan_(plan_reduce({product.k, product.m}, {true, false})) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    product_.run(ctx, in[0], in[1], out[0]);
    if (!has_bias_) return;
    using A = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);  // (rows, units)
    T* db = static_cast<T*>(out[1]);
    Launch<Cuda>::reduce<A>(
        ctx, plan_, A(0), [=] PT_LAMBDA(int64_t i) { return static_cast<A>(dy[i]); },
        [] PT_LAMBDA(A a, A b) { return a + b; }, [=] PT_LAMBDA(int64_t u, A total) { db[u] = static_cast<T>(total); });
  }

 private:
  bool has_bias_;
  ReducePlan plan_;
};

// A row-major product (m, k) (k, n) of the spec's type; which operand is stored transposed.
template <template <class> class Class>
std::unique_ptr<Kernel> make_dense(const KernelSpec& s, int64_t m, int64_t n, int64_t k, bool transpose_a,
                                   bool transpose_b, bool has_bias) {
  Product product;
  product.type = s.in[0].dtype;
  product.transpose_a = transpose_a;
  product.transpose_b = transpose_b;
  product.m = m;
  product.n = n;
  product.k = k;
  if (!product.supported()) return nullptr;
  return dispatch_float(product.type, [&](auto tag) -> std::unique_ptr<Kernel> {
    return std::make_unique<Class<typename decltype(tag)::type>>(product, has_bias);
  });
}

}  // namespace cublas

void register_cublas_fully_connected(Registry& r) {
  r.add("fully_connected", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    const int64_t units = s.in[1].shape[0], inner = s.in[1].shape[1];
    if (units == 0) return nullptr;
    return cublas::make_dense<cublas::DenseForward>(s, s.out[0].size() / units, units, inner, false, true,
                                                    s.in.size() > 2);
  });
  r.add("fully_connected_data_grad", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    const int64_t units = s.in[1].shape[0], inner = s.in[1].shape[1];
    if (units == 0) return nullptr;
    return cublas::make_dense<cublas::DenseDataGrad>(s, s.in[0].size() / units, inner, units, false, false, false);
  });
  r.add("fully_connected_weight_grad", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    const int64_t units = s.out[0].shape[0], inner = s.out[0].shape[1];
    if (units == 0) return nullptr;
    return cublas::make_dense<cublas::DenseWeightGrad>(s, units, inner, s.in[0].size() / units, true, false,
                                                       s.out.size() > 1);
  });
}

}  // namespace paratrain
