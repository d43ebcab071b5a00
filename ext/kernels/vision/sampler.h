// Sampling of images at places that a grid names: coordinates from -1 (first row or column) to 1 (last).
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

namespace grid {

// Coordinate of place i of n: -1 .. 1.
template <class C>
PT_HD C coordinate(int64_t i, int64_t n) {
  return C(-1) + static_cast<C>(i) * (C(2) / static_cast<C>(n - 1));
}

// The four elements around a place between the elements of an image of h x w, and how far it is from the first.
template <class C>
struct Place {
  int64_t top, left;
  C down, right;  // 0..1
  bool inside;    // at least one of the four may be an element
};

template <class C>
PT_HD Place<C> place_of(C x, C y, int64_t h, int64_t w) {
  const C row = (y + 1) * static_cast<C>(h - 1) / 2, column = (x + 1) * static_cast<C>(w - 1) / 2;
  // false for NaN, too: only then are the numbers small enough for int64
  const bool inside = row > C(-1) && row < static_cast<C>(h) && column > C(-1) && column < static_cast<C>(w);
  if (!inside) return {0, 0, C(0), C(0), false};
  const C top = std::floor(row), left = std::floor(column);
  return {static_cast<int64_t>(top), static_cast<int64_t>(left), row - top, column - left, true};
}

PT_HD bool holds(int64_t at, int64_t n) { return at >= 0 && at < n; }

template <class T>
PT_HD Compute<T> element(const T* plane, int64_t row, int64_t column, int64_t h, int64_t w) {
  return holds(row, h) && holds(column, w) ? static_cast<Compute<T>>(plane[row * w + column]) : Compute<T>(0);
}

template <class T>
PT_HD T sample(const T* plane, const Place<Compute<T>>& p, int64_t h, int64_t w) {
  using C = Compute<T>;
  if (!p.inside) return static_cast<T>(C(0));
  const C top = element(plane, p.top, p.left, h, w) * (1 - p.right) + element(plane, p.top, p.left + 1, h, w) * p.right;
  const C bottom =
      element(plane, p.top + 1, p.left, h, w) * (1 - p.right) + element(plane, p.top + 1, p.left + 1, h, w) * p.right;
  return static_cast<T>(top * (1 - p.down) + bottom * p.down);
}

// Affine: (x', y') = A (x, y, 1) of coordinates; A is one row of six numbers.
template <class T>
PT_HD T affine(const T* matrix, int64_t axis, int64_t i, int64_t h, int64_t w) {
  using C = Compute<T>;
  const T* row = matrix + 3 * axis;
  return static_cast<T>(static_cast<C>(row[0]) * coordinate<C>(i % w, w) +
                        static_cast<C>(row[1]) * coordinate<C>(i / w, h) + static_cast<C>(row[2]));
}

}  // namespace grid

// Matrices (N, 6) -> grid (N, 2, H, W)
template <class Device, class T>
struct AffineGridKernel : Kernel {
  explicit AffineGridKernel(const KernelSpec& s) : shape(s.out[0].shape) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    make(ctx, static_cast<const T*>(in[0]), static_cast<T*>(out[0]), shape[0], shape[2], shape[3]);
  }
  static void make(const RunContext& ctx, const T* matrix, T* y, int64_t n, int64_t h, int64_t w) {
    Launch<Device>::map(ctx, n * 2 * h * w, [=] PT_LAMBDA(int64_t i) {
      y[i] = grid::affine(matrix + i / (2 * h * w) * 6, i / (h * w) % 2, i % (h * w), h, w);
    });
  }
  Shape shape;
};

// dY (N, 2, H, W) -> gradient of the matrices (N, 6)
template <class Device, class T>
struct AffineGridGradKernel : Kernel {
  explicit AffineGridGradKernel(const KernelSpec& s) : shape(s.in[0].shape) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const int64_t h = shape[2], w = shape[3];
    Rows<Device>::each(ctx, shape[0] * 6, h * w, [=] PT_LAMBDA(int64_t i) {
      const T* rows = dy + i / 3 * h * w;
      C sum = 0;
      for (int64_t k = 0; k < h * w; ++k) {
        const C by = i % 3 == 0 ? grid::coordinate<C>(k % w, w) : (i % 3 == 1 ? grid::coordinate<C>(k / w, h) : C(1));
        sum += static_cast<C>(rows[k]) * by;
      }
      dx[i] = static_cast<T>(sum);
    });
  }
  Shape shape;
};

// Flow (N, 2, H, W) in elements -> grid; attribute gradient: the other way, dY -> dX.
template <class Device, class T>
struct WarpGridKernel : Kernel {
  explicit WarpGridKernel(const KernelSpec& s) : shape(s.out[0].shape), gradient(s.attrs.flag("gradient")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t h = shape[2], w = shape[3];
    const bool back = gradient;
    Launch<Device>::map(ctx, count(shape), [=] PT_LAMBDA(int64_t i) {
      const bool vertical = i / (h * w) % 2 == 1;
      const C half = static_cast<C>((vertical ? h : w) - 1) / 2, at = static_cast<C>(vertical ? i / w % h : i % w);
      const C value = static_cast<C>(x[i]);
      y[i] = static_cast<T>(back ? value / half : (value + at) / half - 1);
    });
  }
  Shape shape;
  bool gradient;
};

// Images and grids that go together: data (N, C, H, W), grid (N, 2, h, w).
struct SamplerSizes {
  int64_t batch, channels, h, w, out_h, out_w;
  PT_HD int64_t in_size() const { return h * w; }
  PT_HD int64_t out_size() const { return out_h * out_w; }
};

SamplerSizes sampler_sizes(const Shape& data, const Shape& result);

template <class Device, class T>
void sample_grid(const RunContext& ctx, const SamplerSizes& s, const T* x, const T* where, T* y) {
  using C = Compute<T>;
  Rows<Device>::each(ctx, s.batch * s.out_size(), 16 * s.channels, [=] PT_LAMBDA(int64_t i) {
    const int64_t image = i / s.out_size(), o = i % s.out_size();
    const T* at = where + image * 2 * s.out_size() + o;
    const auto p = grid::place_of(static_cast<C>(at[0]), static_cast<C>(at[s.out_size()]), s.h, s.w);
    for (int64_t c = 0; c < s.channels; ++c) {
      const int64_t plane = image * s.channels + c;
      y[plane * s.out_size() + o] = grid::sample(x + plane * s.in_size(), p, s.h, s.w);
    }
  });
}

// (data, grid) -> result
template <class Device, class T>
struct BilinearSamplerKernel : Kernel {
  explicit BilinearSamplerKernel(const KernelSpec& s) : sizes(sampler_sizes(s.in[0].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    sample_grid<Device>(ctx, sizes, static_cast<const T*>(in[0]), static_cast<const T*>(in[1]),
                        static_cast<T*>(out[0]));
  }
  SamplerSizes sizes;
};

// (data, matrices) -> result, grid
template <class Device, class T>
struct SpatialTransformerKernel : Kernel {
  explicit SpatialTransformerKernel(const KernelSpec& s) : sizes(sampler_sizes(s.in[0].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    T* where = static_cast<T*>(out[1]);
    AffineGridKernel<Device, T>::make(ctx, static_cast<const T*>(in[1]), where, sizes.batch, sizes.out_h, sizes.out_w);
    sample_grid<Device>(ctx, sizes, static_cast<const T*>(in[0]), where, static_cast<T*>(out[0]));
  }
  SamplerSizes sizes;
};

// (dY, data, grid) -> gradients of data and grid
template <class Device, class T>
struct BilinearSamplerGradKernel : Kernel {
  explicit BilinearSamplerGradKernel(const KernelSpec& s) : sizes(sampler_sizes(s.in[1].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const T* where = static_cast<const T*>(in[2]);
    to_grid(ctx, dy, x, where, static_cast<T*>(out[1]));
    to_data(ctx, dy, where, static_cast<T*>(out[0]));
  }
  void to_grid(const RunContext& ctx, const T* dy, const T* x, const T* where, T* dgrid) {
    using C = Compute<T>;
    const SamplerSizes s = sizes;
    Rows<Device>::each(ctx, s.batch * s.out_size(), 16 * s.channels, [=] PT_LAMBDA(int64_t i) {
      const int64_t image = i / s.out_size(), o = i % s.out_size(), first = image * 2 * s.out_size() + o;
      const auto p =
          grid::place_of(static_cast<C>(where[first]), static_cast<C>(where[first + s.out_size()]), s.h, s.w);
      C right = 0, down = 0;
      for (int64_t c = 0; p.inside && c < s.channels; ++c) {
        const int64_t plane = image * s.channels + c;
        const T* from = x + plane * s.in_size();
        const C grad = static_cast<C>(dy[plane * s.out_size() + o]);
        const C a = grid::element(from, p.top, p.left, s.h, s.w), b = grid::element(from, p.top, p.left + 1, s.h, s.w);
        const C d = grid::element(from, p.top + 1, p.left, s.h, s.w);
        const C e = grid::element(from, p.top + 1, p.left + 1, s.h, s.w);
        right += grad * ((b - a) * (1 - p.down) + (e - d) * p.down);
        down += grad * ((d - a) * (1 - p.right) + (e - b) * p.right);
      }
      dgrid[first] = static_cast<T>(right * static_cast<C>(s.w - 1) / 2);
      dgrid[first + s.out_size()] = static_cast<T>(down * static_cast<C>(s.h - 1) / 2);
    });
  }
  // Several places may lie at one element: a plane's sums are made by one thread, always in the same order.
  void to_data(const RunContext& ctx, const T* dy, const T* where, T* dx) {
    using C = Compute<T>;
    const SamplerSizes s = sizes;
    Rows<Device>::each(ctx, s.batch * s.channels, s.in_size() + 16 * s.out_size(), [=] PT_LAMBDA(int64_t plane) {
      T* to = dx + plane * s.in_size();
      for (int64_t i = 0; i < s.in_size(); ++i) to[i] = static_cast<T>(C(0));
      const T* at = where + plane / s.channels * 2 * s.out_size();
      for (int64_t o = 0; o < s.out_size(); ++o) {
        const auto p = grid::place_of(static_cast<C>(at[o]), static_cast<C>(at[o + s.out_size()]), s.h, s.w);
        if (!p.inside) continue;
        const C grad = static_cast<C>(dy[plane * s.out_size() + o]);
        for (int64_t k = 0; k < 4; ++k) {
          const int64_t row = p.top + k / 2, column = p.left + k % 2;
          if (!grid::holds(row, s.h) || !grid::holds(column, s.w)) continue;
          const C share = (k / 2 ? p.down : 1 - p.down) * (k % 2 ? p.right : 1 - p.right);
          T& sum = to[row * s.w + column];
          sum = static_cast<T>(static_cast<C>(sum) + grad * share);
        }
      }
    });
  }
  SamplerSizes sizes;
};

}  // namespace paratrain
