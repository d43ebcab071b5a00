// Normalisation of rows: layer, group and instance normalisation differ only in what a row is and which gamma it has.
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

// The data as (outer, length, inner): a row is the middle axis.  One gamma for each element of a row (gammas == 0), or
// one for each of `gammas` rows in turn.
struct RowGeometry {
  int64_t outer, length, inner, gammas;
  double eps;

  PT_HD int64_t rows() const { return outer * inner; }
  PT_HD int64_t base(int64_t row) const { return row / inner * length * inner + row % inner; }
  PT_HD int64_t gamma_of(int64_t row, int64_t k) const { return gammas ? row / inner % gammas : k; }
};

// Attributes outer, length, inner, gammas, eps.
inline RowGeometry row_geometry(const Attrs& a) {
  return {a.integer("outer"), a.integer("length"), a.integer("inner"), a.integer("gammas"), a.real("eps")};
}

// (data, gamma, beta) -> result, mean, standard deviation
template <class Device, class T>
struct RowNormKernel : Kernel {
  explicit RowNormKernel(const KernelSpec& s) : g(row_geometry(s.attrs)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RowGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    const T* gamma = static_cast<const T*>(in[1]);
    const T* beta = static_cast<const T*>(in[2]);
    T* y = static_cast<T*>(out[0]);
    T* mean = static_cast<T*>(out[1]);
    T* deviation = static_cast<T*>(out[2]);
    Rows<Device>::each(ctx, geo.rows(), 3 * geo.length, [=] PT_LAMBDA(int64_t row) {
      const int64_t base = geo.base(row);
      const C n = static_cast<C>(geo.length);
      C m = 0, v = 0;
      for (int64_t k = 0; k < geo.length; ++k) m += static_cast<C>(x[base + k * geo.inner]);
      m /= n;
      for (int64_t k = 0; k < geo.length; ++k) {
        const C d = static_cast<C>(x[base + k * geo.inner]) - m;
        v += d * d;
      }
      const C s = std::sqrt(v / n + static_cast<C>(geo.eps));
      for (int64_t k = 0; k < geo.length; ++k) {
        const int64_t i = base + k * geo.inner, j = geo.gamma_of(row, k);
        y[i] = static_cast<T>((static_cast<C>(x[i]) - m) / s * static_cast<C>(gamma[j]) + static_cast<C>(beta[j]));
      }
      mean[row] = static_cast<T>(m);
      deviation[row] = static_cast<T>(s);
    });
  }
  RowGeometry g;
};

// (dY, data, gamma, mean, standard deviation) -> dX, dgamma, dbeta
template <class Device, class T>
struct RowNormGradKernel : Kernel {
  explicit RowNormGradKernel(const KernelSpec& s) : g(row_geometry(s.attrs)), parameters(s.out[1].size()) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RowGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const T* gamma = static_cast<const T*>(in[2]);
    const T* mean = static_cast<const T*>(in[3]);
    const T* deviation = static_cast<const T*>(in[4]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, geo.rows(), 3 * geo.length, [=] PT_LAMBDA(int64_t row) {
      const int64_t base = geo.base(row);
      const C m = static_cast<C>(mean[row]), s = static_cast<C>(deviation[row]), n = static_cast<C>(geo.length);
      C sum = 0, product = 0;
      for (int64_t k = 0; k < geo.length; ++k) {
        const int64_t i = base + k * geo.inner;
        const C grad = static_cast<C>(dy[i]) * static_cast<C>(gamma[geo.gamma_of(row, k)]);
        sum += grad;
        product += grad * (static_cast<C>(x[i]) - m) / s;
      }
      for (int64_t k = 0; k < geo.length; ++k) {
        const int64_t i = base + k * geo.inner;
        const C grad = static_cast<C>(dy[i]) * static_cast<C>(gamma[geo.gamma_of(row, k)]);
        const C hat = (static_cast<C>(x[i]) - m) / s;
        dx[i] = static_cast<T>((grad - sum / n - hat * product / n) / s);
      }
    });
    parameter_grads(ctx, dy, x, mean, deviation, static_cast<T*>(out[1]), static_cast<T*>(out[2]));
  }

  void parameter_grads(const RunContext& ctx, const T* dy, const T* x, const T* mean, const T* deviation, T* dgamma,
                       T* dbeta) {
    using C = Compute<T>;
    const RowGeometry geo = g;
    // the elements that share a gamma: some rows wholly, or one place of every row
    const int64_t steps = parameters ? geo.rows() * geo.length / parameters : 0;
    Rows<Device>::each(ctx, parameters, steps, [=] PT_LAMBDA(int64_t j) {
      C product = 0, sum = 0;
      for (int64_t e = 0; e < steps; ++e) {
        int64_t row = e, k = j;
        if (geo.gammas) {
          const int64_t group = e / (geo.length * geo.inner), rest = e % (geo.length * geo.inner);
          row = (group * geo.gammas + j) * geo.inner + rest % geo.inner;
          k = rest / geo.inner;
        }
        const int64_t i = geo.base(row) + k * geo.inner;
        const C grad = static_cast<C>(dy[i]);
        sum += grad;
        product += grad * (static_cast<C>(x[i]) - static_cast<C>(mean[row])) / static_cast<C>(deviation[row]);
      }
      dgamma[j] = static_cast<T>(product);
      dbeta[j] = static_cast<T>(sum);
    });
  }
  RowGeometry g;
  int64_t parameters;
};

// (data) -> data / norm of its row, norm; attributes outer, length, inner, eps (below the root).
template <class Device, class T>
struct L2NormKernel : Kernel {
  explicit L2NormKernel(const KernelSpec& s) : g(row_geometry(s.attrs)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RowGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    T* norm = static_cast<T*>(out[1]);
    Rows<Device>::each(ctx, geo.rows(), 2 * geo.length, [=] PT_LAMBDA(int64_t row) {
      const int64_t base = geo.base(row);
      C sum = static_cast<C>(geo.eps);
      for (int64_t k = 0; k < geo.length; ++k) {
        const C v = static_cast<C>(x[base + k * geo.inner]);
        sum += v * v;
      }
      const C s = std::sqrt(sum);
      for (int64_t k = 0; k < geo.length; ++k) {
        const int64_t i = base + k * geo.inner;
        y[i] = static_cast<T>(static_cast<C>(x[i]) / s);
      }
      norm[row] = static_cast<T>(s);
    });
  }
  RowGeometry g;
};

// (dY, result, norm) -> dX
template <class Device, class T>
struct L2NormGradKernel : Kernel {
  explicit L2NormGradKernel(const KernelSpec& s) : g(row_geometry(s.attrs)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RowGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* y = static_cast<const T*>(in[1]);
    const T* norm = static_cast<const T*>(in[2]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, geo.rows(), 2 * geo.length, [=] PT_LAMBDA(int64_t row) {
      const int64_t base = geo.base(row);
      C product = 0;
      for (int64_t k = 0; k < geo.length; ++k) {
        const int64_t i = base + k * geo.inner;
        product += static_cast<C>(dy[i]) * static_cast<C>(y[i]);
      }
      for (int64_t k = 0; k < geo.length; ++k) {
        const int64_t i = base + k * geo.inner;
        dx[i] = static_cast<T>((static_cast<C>(dy[i]) - static_cast<C>(y[i]) * product) / static_cast<C>(norm[row]));
      }
    });
  }
  RowGeometry g;
};

}  // namespace paratrain
