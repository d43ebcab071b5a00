// Normalisation of each channel over the batch, with running statistics.
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

// The data as (outer, channels, inner) around the channel axis.
struct BatchNormGeometry {
  int64_t outer, channels, inner;
  double eps, momentum;
  bool fix_gamma, batch_stats;  // batch_stats: statistics of this batch (training), else the running ones

  PT_HD int64_t length() const { return outer * inner; }  // elements of a channel
};

// Attributes eps, momentum, fix_gamma, use_global_stats, axis, train.
BatchNormGeometry batch_norm_geometry(const Attrs& attrs, const Shape& data);

// Statistics and parameters of half precision data are float.
template <class T>
using Stat = Compute<T>;

namespace norm {

// Offset of element k of channel c.
PT_HD int64_t at(const BatchNormGeometry& g, int64_t c, int64_t k) {
  return (k / g.inner * g.channels + c) * g.inner + k % g.inner;
}

template <class T>
PT_HD Stat<T> mean_of(const BatchNormGeometry& g, const T* x, int64_t c) {
  Stat<T> sum = 0;
  for (int64_t o = 0; o < g.outer; ++o) {
    const T* row = x + (o * g.channels + c) * g.inner;
    Stat<T> part = 0;
    for (int64_t i = 0; i < g.inner; ++i) part += static_cast<Stat<T>>(row[i]);
    sum += part;
  }
  return sum / static_cast<Stat<T>>(g.length());
}

template <class T>
PT_HD Stat<T> variance_of(const BatchNormGeometry& g, const T* x, int64_t c, Stat<T> mean) {
  Stat<T> sum = 0;
  for (int64_t o = 0; o < g.outer; ++o) {
    const T* row = x + (o * g.channels + c) * g.inner;
    Stat<T> part = 0;
    for (int64_t i = 0; i < g.inner; ++i) {
      const Stat<T> d = static_cast<Stat<T>>(row[i]) - mean;
      part += d * d;
    }
    sum += part;
  }
  return sum / static_cast<Stat<T>>(g.length());
}

}  // namespace norm

// (data, gamma, beta, moving_mean, moving_var) -> result, mean, 1 / standard deviation.  A fixed gamma is set to 1.
// In training the moving statistics are updated in place: moving = momentum * moving + (1 - momentum) * batch.
template <class Device, class T>
struct BatchNormKernel : Kernel {
  explicit BatchNormKernel(const KernelSpec& s) : g(batch_norm_geometry(s.attrs, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using S = Stat<T>;
    const BatchNormGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    S* gamma = static_cast<S*>(in[1]);
    const S* beta = static_cast<const S*>(in[2]);
    S* moving_mean = static_cast<S*>(in[3]);
    S* moving_var = static_cast<S*>(in[4]);
    T* y = static_cast<T*>(out[0]);
    S* mean = static_cast<S*>(out[1]);
    S* inverse = static_cast<S*>(out[2]);
    Rows<Device>::each(ctx, geo.channels, 4 * geo.length(), [=] PT_LAMBDA(int64_t c) {
      S m = moving_mean[c], v = moving_var[c];
      if (geo.fix_gamma) gamma[c] = S(1);
      if (geo.batch_stats) {
        m = norm::mean_of(geo, x, c);
        v = norm::variance_of(geo, x, c, m);
        const S keep = static_cast<S>(geo.momentum);
        moving_mean[c] = keep * moving_mean[c] + (S(1) - keep) * m;
        moving_var[c] = keep * moving_var[c] + (S(1) - keep) * v;
      }
      mean[c] = m;
      inverse[c] = S(1) / std::sqrt(v + static_cast<S>(geo.eps));
    });
    Rows<Device>::each(ctx, geo.outer * geo.channels, geo.inner, [=] PT_LAMBDA(int64_t row) {
      const int64_t c = row % geo.channels;
      const S scale = inverse[c] * gamma[c], shift = beta[c], m = mean[c];
      for (int64_t i = row * geo.inner; i < (row + 1) * geo.inner; ++i) {
        y[i] = static_cast<T>((static_cast<S>(x[i]) - m) * scale + shift);
      }
    });
  }
  BatchNormGeometry g;
};

// (dY, data, gamma, mean, 1 / standard deviation) -> dX, dgamma, dbeta; dgamma is zero where gamma is fixed.
template <class Device, class T>
struct BatchNormGradKernel : Kernel {
  explicit BatchNormGradKernel(const KernelSpec& s) : g(batch_norm_geometry(s.attrs, s.in[1].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using S = Stat<T>;
    const BatchNormGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const S* gamma = static_cast<const S*>(in[2]);
    const S* mean = static_cast<const S*>(in[3]);
    const S* inverse = static_cast<const S*>(in[4]);
    T* dx = static_cast<T*>(out[0]);
    S* dgamma = static_cast<S*>(out[1]);
    S* dbeta = static_cast<S*>(out[2]);
    Rows<Device>::each(ctx, geo.channels, 4 * geo.length(), [=] PT_LAMBDA(int64_t c) {
      S sum = 0, product = 0;  // of dY, and of dY times the normalised data
      for (int64_t k = 0; k < geo.length(); ++k) {
        const int64_t i = norm::at(geo, c, k);
        const S grad = static_cast<S>(dy[i]);
        sum += grad;
        product += grad * (static_cast<S>(x[i]) - mean[c]);
      }
      product *= inverse[c];
      const S scale = inverse[c] * (geo.fix_gamma ? S(1) : gamma[c]);
      const S n = static_cast<S>(geo.length());
      for (int64_t k = 0; k < geo.length(); ++k) {
        const int64_t i = norm::at(geo, c, k);
        const S hat = (static_cast<S>(x[i]) - mean[c]) * inverse[c], grad = static_cast<S>(dy[i]);
        dx[i] = static_cast<T>(geo.batch_stats ? scale * (grad - sum / n - hat * product / n) : scale * grad);
      }
      dgamma[c] = geo.fix_gamma ? S(0) : product;
      dbeta[c] = sum;
    });
  }
  BatchNormGeometry g;
};

}  // namespace paratrain
