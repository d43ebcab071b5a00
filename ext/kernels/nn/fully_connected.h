// Y = X W^T + b and its gradients, as plain sums.
#pragma once
#include "kernels/launch/rows.h"
#include "kernels/nn/tail.h"

namespace paratrain {

// rows: product of the axes that are kept; inner: length of a row of the data; units: num_hidden.
struct DenseGeometry {
  int64_t rows, inner, units;
};
inline DenseGeometry dense_geometry(const TensorDesc& data, const Shape& weight) {
  return {weight[1] ? data.size() / weight[1] : 0, weight[1], weight[0]};
}

// (data, weight[, bias]) -> result; perhaps attributes of a Tail
template <class Device, class T>
struct FullyConnectedKernel : Kernel {
  explicit FullyConnectedKernel(const KernelSpec& s)
      : g{s.in[1].shape[0] ? s.out[0].size() / s.in[1].shape[0] : 0, s.in[1].shape[1], s.in[1].shape[0]},
        has_bias(s.in.size() > 2),
        tail(s.attrs) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const DenseGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);                       // (rows, inner)
    const T* w = static_cast<const T*>(in[1]);                       // (units, inner)
    const T* b = has_bias ? static_cast<const T*>(in[2]) : nullptr;  // (units,)
    T* y = static_cast<T*>(out[0]);                                  // (rows, units)
    const Tail after = tail;
    Rows<Device>::each(ctx, geo.rows * geo.units, geo.inner, [=] PT_LAMBDA(int64_t i) {
      const T* row = x + i / geo.units * geo.inner;
      const T* unit = w + i % geo.units * geo.inner;
      C sum = b ? static_cast<C>(b[i % geo.units]) : C(0);
      for (int64_t k = 0; k < geo.inner; ++k) sum += static_cast<C>(row[k]) * static_cast<C>(unit[k]);
      y[i] = static_cast<T>(after(sum));
    });
  }
  DenseGeometry g;
  bool has_bias;
  Tail tail;
};

// (dY, weight, ...) -> dX
template <class Device, class T>
struct FullyConnectedDataGradKernel : Kernel {
  explicit FullyConnectedDataGradKernel(const KernelSpec& s) : g(dense_geometry(s.out[0], s.in[1].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const DenseGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* w = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, geo.rows * geo.inner, geo.units, [=] PT_LAMBDA(int64_t i) {
      const T* row = dy + i / geo.inner * geo.units;
      const T* column = w + i % geo.inner;
      C sum = 0;
      for (int64_t u = 0; u < geo.units; ++u) sum += static_cast<C>(row[u]) * static_cast<C>(column[u * geo.inner]);
      dx[i] = static_cast<T>(sum);
    });
  }
  DenseGeometry g;
};

// (dY, data) -> dW[, db]
template <class Device, class T>
struct FullyConnectedWeightGradKernel : Kernel {
  explicit FullyConnectedWeightGradKernel(const KernelSpec& s)
      : g(dense_geometry(s.in[1], s.out[0].shape)), has_bias(s.out.size() > 1) {
    if (g.inner == 0) g.rows = g.units ? s.in[0].size() / g.units : 0;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const DenseGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    T* dw = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, geo.units * geo.inner, geo.rows, [=] PT_LAMBDA(int64_t i) {
      const int64_t u = i / geo.inner, k = i % geo.inner;
      C sum = 0;
      for (int64_t r = 0; r < geo.rows; ++r) {
        sum += static_cast<C>(dy[r * geo.units + u]) * static_cast<C>(x[r * geo.inner + k]);
      }
      dw[i] = static_cast<T>(sum);
    });
    if (!has_bias) return;
    T* db = static_cast<T*>(out[1]);
    Rows<Device>::each(ctx, geo.units, geo.rows, [=] PT_LAMBDA(int64_t u) {
      C sum = 0;
      for (int64_t r = 0; r < geo.rows; ++r) sum += static_cast<C>(dy[r * geo.units + u]);
      db[u] = static_cast<T>(sum);
    });
  }
  DenseGeometry g;
  bool has_bias;
};

}  // namespace paratrain
