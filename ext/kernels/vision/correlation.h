// Correlation: how alike the surroundings of a place in one image are to those of displaced places in another.
#pragma once
#include "kernels/launch/rows.h"

namespace paratrain {

struct CorrelationPlan {
  int64_t batch, channels, h, w, out_h, out_w;
  int64_t kernel, displacement, stride1, stride2, pad, radius;  // radius: displacements to each side
  bool multiply;
  PT_HD int64_t span() const { return 2 * radius + 1; }
  PT_HD int64_t terms() const { return kernel * kernel * channels; }
  PT_HD int64_t size() const { return h * w; }
  PT_HD int64_t out_size() const { return out_h * out_w; }
};

// Attributes kernel_size, max_displacement, stride1, stride2, pad_size, is_multiply.
CorrelationPlan plan_correlation(const Attrs& attrs, const Shape& data, const Shape& result);

namespace correlation {

// Place `at` of the padded image, zero in the padding.
template <class T>
PT_HD Compute<T> padded(const T* plane, int64_t row, int64_t column, const CorrelationPlan& p) {
  row -= p.pad;
  column -= p.pad;
  const bool inside = row >= 0 && row < p.h && column >= 0 && column < p.w;
  return inside ? static_cast<Compute<T>>(plane[row * p.w + column]) : Compute<T>(0);
}

// Displacement number d along an axis, in elements.
PT_HD int64_t displaced(const CorrelationPlan& p, int64_t d) { return (d - p.radius) * p.stride2; }

// Windows along an axis whose kernel covers place `at` of the padded image: [first, last].
PT_HD int64_t first(const CorrelationPlan& p, int64_t at) {
  const int64_t from = at - p.displacement - p.kernel + 1;
  return from > 0 ? (from + p.stride1 - 1) / p.stride1 : 0;
}
PT_HD int64_t last(const CorrelationPlan& p, int64_t at, int64_t n) {
  const int64_t from = at - p.displacement;
  if (from < 0) return -1;
  return from / p.stride1 < n - 1 ? from / p.stride1 : n - 1;
}

}  // namespace correlation

// (data1, data2) -> (N, displacements, H', W')
template <class Device, class T>
struct CorrelationKernel : Kernel {
  explicit CorrelationKernel(const KernelSpec& s) : plan(plan_correlation(s.attrs, s.in[0].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const CorrelationPlan p = plan;
    const T* a = static_cast<const T*>(in[0]);
    const T* b = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const int64_t n = p.batch * p.span() * p.span() * p.out_size();
    Rows<Device>::each(ctx, n, 4 * p.terms(), [=] PT_LAMBDA(int64_t i) {
      const int64_t which = i / p.out_size() % (p.span() * p.span()), image = i / (p.out_size() * p.span() * p.span());
      const int64_t row = i / p.out_w % p.out_h * p.stride1 + p.displacement;
      const int64_t column = i % p.out_w * p.stride1 + p.displacement;
      const int64_t down = correlation::displaced(p, which / p.span());
      const int64_t right = correlation::displaced(p, which % p.span());
      C sum = 0;
      for (int64_t c = 0; c < p.channels; ++c) {
        const T* u = a + (image * p.channels + c) * p.size();
        const T* v = b + (image * p.channels + c) * p.size();
        for (int64_t k = 0; k < p.kernel * p.kernel; ++k) {
          const int64_t r = row + k / p.kernel, q = column + k % p.kernel;
          const C left = correlation::padded(u, r, q, p), other = correlation::padded(v, r + down, q + right, p);
          sum += p.multiply ? left * other : (left > other ? left - other : other - left);
        }
      }
      y[i] = static_cast<T>(sum / static_cast<C>(p.terms()));
    });
  }
  CorrelationPlan plan;
};

// (dY, data1, data2) -> gradients of both
template <class Device, class T>
struct CorrelationGradKernel : Kernel {
  explicit CorrelationGradKernel(const KernelSpec& s) : plan(plan_correlation(s.attrs, s.in[1].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* dy = static_cast<const T*>(in[0]);
    const T* a = static_cast<const T*>(in[1]);
    const T* b = static_cast<const T*>(in[2]);
    gather(ctx, dy, a, b, false, static_cast<T*>(out[0]));
    gather(ctx, dy, a, b, true, static_cast<T*>(out[1]));
  }
  // For each element the windows that hold it; for the second image those that hold it displaced.
  void gather(const RunContext& ctx, const T* dy, const T* a, const T* b, bool second, T* dx) {
    using C = Compute<T>;
    const CorrelationPlan p = plan;
    const int64_t work = 4 * p.span() * p.span() * p.kernel * p.kernel;
    Rows<Device>::each(ctx, p.batch * p.channels * p.size(), work, [=] PT_LAMBDA(int64_t i) {
      const int64_t plane = i / p.size(), image = plane / p.channels;
      const T* u = a + plane * p.size();
      const T* v = b + plane * p.size();
      C sum = 0;
      for (int64_t which = 0; which < p.span() * p.span(); ++which) {
        const int64_t down = correlation::displaced(p, which / p.span());
        const int64_t right = correlation::displaced(p, which % p.span());
        // the place in the first image that is compared with this one
        const int64_t row = i / p.w % p.h + p.pad - (second ? down : 0);
        const int64_t column = i % p.w + p.pad - (second ? right : 0);
        const C x = correlation::padded(u, row, column, p), z = correlation::padded(v, row + down, column + right, p);
        const C sign = (x >= z) == second ? C(-1) : C(1);
        const C by = p.multiply ? (second ? x : z) : sign;
        const T* grad = dy + (image * p.span() * p.span() + which) * p.out_size();
        const int64_t bottom = correlation::last(p, row, p.out_h), end = correlation::last(p, column, p.out_w);
        for (int64_t oh = correlation::first(p, row); oh <= bottom; ++oh) {
          for (int64_t ow = correlation::first(p, column); ow <= end; ++ow) {
            sum += by * static_cast<C>(grad[oh * p.out_w + ow]);
          }
        }
      }
      dx[i] = static_cast<T>(sum / static_cast<C>(p.terms()));
    });
  }
  CorrelationPlan plan;
};

}  // namespace paratrain
