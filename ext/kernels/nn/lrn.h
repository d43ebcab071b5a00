// Local response normalisation across channels.
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

// The data as (outer, channels, inner); a window has `size` channels around each.
struct LrnGeometry {
  int64_t outer, channels, inner, size;
  double alpha, beta, knorm;

  PT_HD int64_t first(int64_t c) const { return c - size / 2 > 0 ? c - size / 2 : 0; }
  PT_HD int64_t last(int64_t c) const { return c + size / 2 < channels - 1 ? c + size / 2 : channels - 1; }
};

inline LrnGeometry lrn_geometry(const Attrs& a, const Shape& data) {
  LrnGeometry g{data.at(0), data.at(1), 1, a.integer("nsize"), a.real("alpha"), a.real("beta"), a.real("knorm")};
  for (size_t d = 2; d < data.size(); ++d) g.inner *= data[d];
  return g;
}

// (data) -> result, scale = knorm + alpha / size * sum of squares in the window; result = data * scale^-beta
template <class Device, class T>
struct LrnKernel : Kernel {
  explicit LrnKernel(const KernelSpec& s) : g(lrn_geometry(s.attrs, s.in[0].shape)), n(s.in[0].size()) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const LrnGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    T* scale = static_cast<T*>(out[1]);
    Rows<Device>::each(ctx, n, 8 * geo.size, [=] PT_LAMBDA(int64_t i) {
      const int64_t c = i / geo.inner % geo.channels;
      C sum = 0;
      for (int64_t k = geo.first(c); k <= geo.last(c); ++k) {
        const C v = static_cast<C>(x[i + (k - c) * geo.inner]);
        sum += v * v;
      }
      const C s = static_cast<C>(geo.knorm) + static_cast<C>(geo.alpha) / static_cast<C>(geo.size) * sum;
      scale[i] = static_cast<T>(s);
      y[i] = static_cast<T>(static_cast<C>(x[i]) * std::pow(s, static_cast<C>(-geo.beta)));
    });
  }
  LrnGeometry g;
  int64_t n;
};

// (dY, data, result, scale) -> dX
template <class Device, class T>
struct LrnGradKernel : Kernel {
  explicit LrnGradKernel(const KernelSpec& s) : g(lrn_geometry(s.attrs, s.in[1].shape)), n(s.in[1].size()) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const LrnGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const T* y = static_cast<const T*>(in[2]);
    const T* scale = static_cast<const T*>(in[3]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, n, 8 * geo.size, [=] PT_LAMBDA(int64_t i) {
      const int64_t c = i / geo.inner % geo.channels;
      C sum = 0;
      for (int64_t k = geo.first(c); k <= geo.last(c); ++k) {
        const int64_t j = i + (k - c) * geo.inner;
        sum += static_cast<C>(dy[j]) * static_cast<C>(y[j]) / static_cast<C>(scale[j]);
      }
      const C factor = static_cast<C>(2 * geo.alpha * geo.beta) / static_cast<C>(geo.size);
      const C direct = static_cast<C>(dy[i]) * std::pow(static_cast<C>(scale[i]), static_cast<C>(-geo.beta));
      dx[i] = static_cast<T>(direct - factor * static_cast<C>(x[i]) * sum);
    });
  }
  LrnGeometry g;
  int64_t n;
};

}  // namespace paratrain
