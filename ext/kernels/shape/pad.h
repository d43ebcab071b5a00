// Padding by the border's value or by reflection, and sums of the gradient back to where values came from.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

struct PadPlan {
  int ndim = 0;
  int64_t in_size = 1, out_size = 1;
  int64_t in_shape[kMaxDims], out_shape[kMaxDims], before[kMaxDims];
  bool reflect = false;
};

// Attributes before (one for each axis) and mode ("edge" or "reflect").
PadPlan plan_pad(const KernelSpec& s, const Shape& in, const Shape& out);

// Where along axis d the padded place comes from.
PT_HD int64_t pad_source(const PadPlan& p, int d, int64_t place) {
  const int64_t n = p.in_shape[d], at = place - p.before[d];
  if (at >= 0 && at < n) return at;
  if (p.reflect) return at < 0 ? -at : 2 * n - 2 - at;
  return at < 0 ? 0 : n - 1;
}

// The padded places along axis d that come from `at`: how many, and the k-th of them.
PT_HD int64_t pad_copies(const PadPlan& p, int d, int64_t at) {
  const int64_t n = p.in_shape[d], before = p.before[d], after = p.out_shape[d] - n - before;
  if (p.reflect) return 1 + (at > 0 && at <= before) + (at < n - 1 && n - 1 - at <= after);
  return 1 + (at == 0 ? before : 0) + (at == n - 1 ? after : 0);
}
PT_HD int64_t pad_copy(const PadPlan& p, int d, int64_t at, int64_t k) {
  const int64_t n = p.in_shape[d], before = p.before[d];
  if (!p.reflect) return (at == 0 ? 0 : before + at) + k;
  if (k == 0) return before + at;
  if (k == 1 && at > 0 && at <= before) return before - at;
  return before + 2 * (n - 1) - at;
}

template <class Device, class T>
struct PadKernel : Kernel {
  explicit PadKernel(const KernelSpec& s) : plan(plan_pad(s, s.in[0].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const PadPlan p = plan;
    Launch<Device>::map(ctx, p.out_size, [=] PT_LAMBDA(int64_t i) {
      int64_t rest = i, source = 0, stride = 1;
      for (int d = p.ndim - 1; d >= 0; --d) {
        source += pad_source(p, d, rest % p.out_shape[d]) * stride;
        stride *= p.in_shape[d];
        rest /= p.out_shape[d];
      }
      y[i] = x[source];
    });
  }
  PadPlan plan;
};

// dX[i] = sum of dY over the padded places that copy i.
template <class Device, class T>
struct PadGradKernel : Kernel {
  explicit PadGradKernel(const KernelSpec& s) : plan(plan_pad(s, s.out[0].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const PadPlan p = plan;
    Launch<Device>::map(ctx, p.in_size, [=] PT_LAMBDA(int64_t i) {
      int64_t at[kMaxDims], copies[kMaxDims], total = 1, rest = i;
      for (int d = p.ndim - 1; d >= 0; --d) {
        at[d] = rest % p.in_shape[d];
        rest /= p.in_shape[d];
        copies[d] = pad_copies(p, d, at[d]);
        total *= copies[d];
      }
      Compute<T> sum = 0;
      for (int64_t c = 0; c < total; ++c) {
        int64_t which = c, place = 0, stride = 1;
        for (int d = p.ndim - 1; d >= 0; --d) {
          place += pad_copy(p, d, at[d], which % copies[d]) * stride;
          stride *= p.out_shape[d];
          which /= copies[d];
        }
        sum += static_cast<Compute<T>>(dy[place]);
      }
      dx[i] = static_cast<T>(sum);
    });
  }
  PadPlan plan;
};

}  // namespace paratrain
