// Pooling over one to three spatial axes: max (with the place of each maximum), average, sum, Lp norm.
#pragma once
#include <cmath>
#include <limits>

#include "kernels/launch/rows.h"

namespace paratrain {

enum class PoolType : int { max, avg, sum, lp };

// Missing spatial axes are filled up with ones in front.  Strides in elements: the channels may be innermost.
struct PoolGeometry {
  int64_t batch, channels;
  int64_t in[3], out[3], kernel[3], stride[3], pad[3];
  int64_t in_image, in_channel, in_step[3];
  int64_t out_image, out_channel, out_step[3];
  PoolType type;
  bool count_pad;  // average: padding counts as elements
  int p;           // Lp: the p-th root of the sum of p-th powers (with their signs), p = 1, 2 or 3

  PT_HD int64_t out_size() const { return out[0] * out[1] * out[2]; }
  PT_HD int64_t in_size() const { return in[0] * in[1] * in[2]; }
  PT_HD int64_t kernel_size() const { return kernel[0] * kernel[1] * kernel[2]; }
};

// Attributes kernel, stride, pad, pool_type, count_include_pad, p_value, channels_last.
PoolGeometry pool_geometry(const Attrs& attrs, const Shape& data, const Shape& result);

namespace pool {

// One window: places [begin, end) along each axis within the data, and what an average divides by.
struct Window {
  int64_t begin[3], end[3], first[3];
  int64_t divisor;
};

PT_HD Window window_of(const PoolGeometry& g, const int64_t* o) {
  Window w;
  int64_t padded = 1, inside = 1;
  for (int d = 0; d < 3; ++d) {
    const int64_t begin = o[d] * g.stride[d] - g.pad[d], limit = g.in[d] + g.pad[d];
    const int64_t end = begin + g.kernel[d] < limit ? begin + g.kernel[d] : limit;
    padded *= end > begin ? end - begin : 0;
    w.first[d] = begin;
    w.begin[d] = begin > 0 ? begin : 0;
    w.end[d] = end < g.in[d] ? end : g.in[d];
    inside *= w.end[d] > w.begin[d] ? w.end[d] - w.begin[d] : 0;
  }
  w.divisor = g.type != PoolType::avg ? 1 : (g.count_pad ? padded : inside);
  return w;
}

PT_HD int64_t in_offset(const PoolGeometry& g, int64_t a, int64_t b, int64_t c) {
  return a * g.in_step[0] + b * g.in_step[1] + c * g.in_step[2];
}

// Item i of batch * channels * out places, the places innermost: its place and the offset of its result.
PT_HD int64_t place_of(const PoolGeometry& g, int64_t i, int64_t* o, int64_t& image, int64_t& channel) {
  o[2] = i % g.out[2];
  o[1] = i / g.out[2] % g.out[1];
  o[0] = i / (g.out[2] * g.out[1]) % g.out[0];
  channel = i / g.out_size() % g.channels;
  image = i / (g.out_size() * g.channels);
  return image * g.out_image + channel * g.out_channel + o[0] * g.out_step[0] + o[1] * g.out_step[1] +
         o[2] * g.out_step[2];
}

template <class C>
PT_HD C power(C x, int p) {
  return p == 1 ? x : (p == 2 ? x * x : x * x * x);
}
template <class C>
PT_HD C root(C x, int p) {
  return p == 1 ? x : (p == 2 ? std::sqrt(x) : std::cbrt(x));
}

// Largest element of a window and its place in the kernel; the first of equals.
template <class T, class I>
PT_HD void largest(const PoolGeometry& g, const T* x, const Window& w, T& best, I& index) {
  using C = Compute<T>;
  C top = static_cast<C>(-std::numeric_limits<C>::max());
  int64_t at = 0;
  for (int64_t a = w.begin[0]; a < w.end[0]; ++a) {
    for (int64_t b = w.begin[1]; b < w.end[1]; ++b) {
      for (int64_t c = w.begin[2]; c < w.end[2]; ++c) {
        const C v = static_cast<C>(x[in_offset(g, a, b, c)]);
        if (v > top) {
          top = v;
          at = ((a - w.first[0]) * g.kernel[1] + b - w.first[1]) * g.kernel[2] + c - w.first[2];
        }
      }
    }
  }
  best = static_cast<T>(top);
  index = static_cast<I>(at);
}

template <class T>
PT_HD T total(const PoolGeometry& g, const T* x, const Window& w) {
  using C = Compute<T>;
  C sum = 0;
  for (int64_t a = w.begin[0]; a < w.end[0]; ++a) {
    for (int64_t b = w.begin[1]; b < w.end[1]; ++b) {
      for (int64_t c = w.begin[2]; c < w.end[2]; ++c) {
        const C v = static_cast<C>(x[in_offset(g, a, b, c)]);
        sum += g.type == PoolType::lp ? power(v, g.p) : v;
      }
    }
  }
  if (g.type == PoolType::lp) return static_cast<T>(root(sum, g.p));
  return static_cast<T>(w.divisor > 0 ? sum / static_cast<C>(w.divisor) : C(0));
}

// Windows along one axis that hold data place i: [first, last].
PT_HD void windows_over(const PoolGeometry& g, int d, int64_t i, int64_t& first, int64_t& last) {
  const int64_t at = i + g.pad[d];
  first = at < g.kernel[d] ? 0 : (at - g.kernel[d]) / g.stride[d] + 1;
  last = at / g.stride[d] < g.out[d] - 1 ? at / g.stride[d] : g.out[d] - 1;
}

// What the window at place o, with result offset y, adds to the gradient of data place `at` (an axis triple).
template <class T, class I>
PT_HD Compute<T> share(const PoolGeometry& g, const int64_t* o, const int64_t* at, int64_t y, const T* dy,
                       const I* index, Compute<T> x, const T* result) {
  using C = Compute<T>;
  const C grad = static_cast<C>(dy[y]);
  if (g.type == PoolType::max) {
    int64_t place = 0;
    for (int d = 0; d < 3; ++d) place = place * g.kernel[d] + at[d] - (o[d] * g.stride[d] - g.pad[d]);
    return static_cast<int64_t>(index[y]) == place ? grad : C(0);
  }
  if (g.type == PoolType::lp) {
    const C norm = static_cast<C>(result[y]);
    if (g.p == 1) return grad;
    if (norm == C(0)) return C(0);
    return g.p == 2 ? grad * x / norm : grad * x * x / (norm * norm);
  }
  const Window w = window_of(g, o);
  return w.divisor > 0 ? grad / static_cast<C>(w.divisor) : C(0);
}

// Gradient of one element of the data: its share of every window that holds it.
template <class T, class I>
PT_HD T gather(const PoolGeometry& g, const int64_t* at, int64_t out_base, const T* dy, const I* index, Compute<T> x,
               const T* result) {
  int64_t first[3], last[3], o[3];
  for (int d = 0; d < 3; ++d) windows_over(g, d, at[d], first[d], last[d]);
  Compute<T> sum = 0;
  for (o[0] = first[0]; o[0] <= last[0]; ++o[0]) {
    for (o[1] = first[1]; o[1] <= last[1]; ++o[1]) {
      for (o[2] = first[2]; o[2] <= last[2]; ++o[2]) {
        const int64_t y = out_base + o[0] * g.out_step[0] + o[1] * g.out_step[1] + o[2] * g.out_step[2];
        sum += share(g, o, at, y, dy, index, x, result);
      }
    }
  }
  return static_cast<T>(sum);
}

}  // namespace pool

// (data) -> result[, indices]: max pooling also gives the place of each maximum within its window (I: uint8 or int32).
template <class Device, class T, class I>
struct PoolingKernel : Kernel {
  explicit PoolingKernel(const KernelSpec& s) : g(pool_geometry(s.attrs, s.in[0].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const PoolGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    I* index = geo.type == PoolType::max ? static_cast<I*>(out[1]) : nullptr;
    const int64_t n = geo.batch * geo.channels * geo.out_size();
    Rows<Device>::each(ctx, n, geo.kernel_size(), [=] PT_LAMBDA(int64_t i) {
      int64_t o[3], image, channel;
      const int64_t at = pool::place_of(geo, i, o, image, channel);
      const pool::Window w = pool::window_of(geo, o);
      const T* plane = x + image * geo.in_image + channel * geo.in_channel;
      if (index) {
        pool::largest(geo, plane, w, y[at], index[at]);
      } else {
        y[at] = pool::total(geo, plane, w);
      }
    });
  }
  PoolGeometry g;
};

// max: (dY, like, indices) -> dX; avg, sum: (dY, like); lp: (dY, data, result).
template <class Device, class T, class I>
struct PoolingGradKernel : Kernel {
  explicit PoolingGradKernel(const KernelSpec& s) : g(pool_geometry(s.attrs, s.out[0].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const PoolGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = geo.type == PoolType::lp ? static_cast<const T*>(in[1]) : nullptr;
    const T* result = geo.type == PoolType::lp ? static_cast<const T*>(in[2]) : nullptr;
    const I* index = geo.type == PoolType::max ? static_cast<const I*>(in[2]) : nullptr;
    T* dx = static_cast<T*>(out[0]);
    const int64_t n = geo.batch * geo.channels * geo.in_size();
    Rows<Device>::each(ctx, n, 4, [=] PT_LAMBDA(int64_t i) {
      const int64_t at[3] = {i / (geo.in[2] * geo.in[1]) % geo.in[0], i / geo.in[2] % geo.in[1], i % geo.in[2]};
      const int64_t channel = i / geo.in_size() % geo.channels, image = i / (geo.in_size() * geo.channels);
      const int64_t to = image * geo.in_image + channel * geo.in_channel + pool::in_offset(geo, at[0], at[1], at[2]);
      const int64_t from = image * geo.out_image + channel * geo.out_channel;
      const C value = x ? static_cast<C>(x[to]) : C(0);
      dx[to] = pool::gather(geo, at, from, dy, index, value, result);
    });
  }
  PoolGeometry g;
};

}  // namespace paratrain
