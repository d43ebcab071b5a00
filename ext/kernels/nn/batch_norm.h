// Normalisation of each channel over the batch, with running statistics.
#pragma once
#include <cmath>
#include <type_traits>

#include "kernels/launch/rows.h"

namespace paratrain {

// What follows the normalisation in the same kernel.
enum class Bound { none, relu, clip };

// The data as (outer, channels, inner) around the channel axis.
struct BatchNormGeometry {
  int64_t outer, channels, inner;
  double eps, momentum;
  bool fix_gamma, batch_stats;  // batch_stats: statistics of this batch (training), else the running ones
  Bound bound = Bound::none;
  double low = 0, high = 0;  // of clip

  PT_HD int64_t length() const { return outer * inner; }  // elements of a channel
};

// Attributes eps, momentum, fix_gamma, use_global_stats, axis, train; perhaps act, a_min, a_max.
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

template <Bound bound, class S>
PT_HD S bounded(S v, S low, S high) {
  if (bound == Bound::relu) return v > S(0) || v != v ? v : S(0);
  if (bound == Bound::clip) return v < low ? low : (v > high ? high : v);
  return v;
}

// Whether the gradient passes, for the value before the bound (for relu also that behind it).
template <Bound bound, class S>
PT_HD bool passes(S v, S low, S high) {
  if (bound == Bound::relu) return v > S(0);
  if (bound == Bound::clip) return !(v < low) && !(v > high);
  return true;
}

// Calls f with the bound as a constant.
template <class F>
void with_bound(Bound bound, F f) {
  switch (bound) {
    case Bound::none: return f(std::integral_constant<Bound, Bound::none>());
    case Bound::relu: return f(std::integral_constant<Bound, Bound::relu>());
    case Bound::clip: return f(std::integral_constant<Bound, Bound::clip>());
  }
}

}  // namespace norm

// (data, gamma, beta, moving_mean, moving_var[, addend]) -> result, mean, 1 / standard deviation.
// The result is bound(normalised + addend).  A fixed gamma is set to 1.  In training the moving statistics are updated
// in place: moving = momentum * moving + (1 - momentum) * batch.
template <class Device, class T>
struct BatchNormKernel : Kernel {
  explicit BatchNormKernel(const KernelSpec& s)
      : g(batch_norm_geometry(s.attrs, s.in[0].shape)), has_addend(s.in.size() > 5) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using S = Stat<T>;
    const BatchNormGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    S* gamma = static_cast<S*>(in[1]);
    S* moving_mean = static_cast<S*>(in[3]);
    S* moving_var = static_cast<S*>(in[4]);
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
    apply_bound(ctx, in, mean, inverse, out);
  }
  void apply_bound(const RunContext& ctx, void* const* in, const Stat<T>* mean, const Stat<T>* inverse,
                   void* const* out) const {
    norm::with_bound(g.bound, [&](auto constant) { apply<decltype(constant)::value>(ctx, in, mean, inverse, out); });
  }
  template <Bound bound>
  void apply(const RunContext& ctx, void* const* in, const Stat<T>* mean, const Stat<T>* inverse,
             void* const* out) const {
    using S = Stat<T>;
    const BatchNormGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    const S* gamma = static_cast<const S*>(in[1]);
    const S* beta = static_cast<const S*>(in[2]);
    const T* addend = has_addend ? static_cast<const T*>(in[5]) : nullptr;
    T* y = static_cast<T*>(out[0]);
    const S low = static_cast<S>(g.low), high = static_cast<S>(g.high);
    Rows<Device>::each(ctx, geo.outer * geo.channels, geo.inner, [=] PT_LAMBDA(int64_t row) {
      const int64_t c = row % geo.channels;
      const S scale = inverse[c] * (geo.fix_gamma ? S(1) : gamma[c]), shift = beta[c], m = mean[c];
      for (int64_t i = row * geo.inner; i < (row + 1) * geo.inner; ++i) {
        S v = (static_cast<S>(x[i]) - m) * scale + shift;
        if (addend) v += static_cast<S>(addend[i]);
        y[i] = static_cast<T>(norm::bounded<bound>(v, low, high));
      }
    });
  }
  BatchNormGeometry g;
  bool has_addend;
};

// (data, gamma, beta, mean, 1 / standard deviation[, addend]) -> the result once more, from the statistics that were
// used.
template <class Device, class T>
struct BatchNormAgainKernel : BatchNormKernel<Device, T> {
  using BatchNormKernel<Device, T>::BatchNormKernel;
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using S = Stat<T>;
    const S* mean = static_cast<const S*>(in[3]);
    const S* inverse = static_cast<const S*>(in[4]);
    this->apply_bound(ctx, in, mean, inverse, out);
  }
};

// (dY, data, gamma, mean, 1 / standard deviation) -> dX, dgamma, dbeta; dgamma is zero where gamma is fixed.
// With a bound: (dY, data, gamma, mean, 1 / standard deviation, beta[, result]) -> dX, dgamma, dbeta[, d addend].
// The result is read, and the gradient of an addend written, where the forward kernel had one.
template <class Device, class T>
struct BatchNormGradKernel : Kernel {
  explicit BatchNormGradKernel(const KernelSpec& s)
      : g(batch_norm_geometry(s.attrs, s.in[1].shape)), has_addend(s.in.size() > 6) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    norm::with_bound(g.bound, [&](auto constant) { run_bound<decltype(constant)::value>(ctx, in, out); });
  }
  template <Bound bound>
  void run_bound(const RunContext& ctx, void* const* in, void* const* out) const {
    using S = Stat<T>;
    const BatchNormGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const S* gamma = static_cast<const S*>(in[2]);
    const S* mean = static_cast<const S*>(in[3]);
    const S* inverse = static_cast<const S*>(in[4]);
    const S* beta = bound == Bound::none ? nullptr : static_cast<const S*>(in[5]);
    const T* y = has_addend ? static_cast<const T*>(in[6]) : nullptr;
    T* dx = static_cast<T*>(out[0]);
    S* dgamma = static_cast<S*>(out[1]);
    S* dbeta = static_cast<S*>(out[2]);
    T* dadd = has_addend ? static_cast<T*>(out[3]) : nullptr;
    const S low = static_cast<S>(g.low), high = static_cast<S>(g.high);
    Rows<Device>::each(ctx, geo.channels, 4 * geo.length(), [=] PT_LAMBDA(int64_t c) {
      const S scale = inverse[c] * (geo.fix_gamma ? S(1) : gamma[c]), m = mean[c];
      const S shift = bound == Bound::none ? S(0) : beta[c];
      // dY behind the bound at place i
      const auto arriving = [=](int64_t i) {
        const S before = y ? static_cast<S>(y[i]) : (static_cast<S>(x[i]) - m) * scale + shift;
        return norm::passes<bound>(before, low, high) ? static_cast<S>(dy[i]) : S(0);
      };
      S sum = 0, product = 0;  // of dY, and of dY times the normalised data
      for (int64_t k = 0; k < geo.length(); ++k) {
        const int64_t i = norm::at(geo, c, k);
        const S grad = arriving(i);
        sum += grad;
        product += grad * (static_cast<S>(x[i]) - m);
      }
      product *= inverse[c];
      const S n = static_cast<S>(geo.length());
      for (int64_t k = 0; k < geo.length(); ++k) {
        const int64_t i = norm::at(geo, c, k);
        const S hat = (static_cast<S>(x[i]) - m) * inverse[c], grad = arriving(i);
        dx[i] = static_cast<T>(geo.batch_stats ? scale * (grad - sum / n - hat * product / n) : scale * grad);
        if (dadd) dadd[i] = static_cast<T>(grad);
      }
      dgamma[c] = geo.fix_gamma ? S(0) : product;
      dbeta[c] = sum;
    });
  }
  BatchNormGeometry g;
  bool has_addend;
};

}  // namespace paratrain
