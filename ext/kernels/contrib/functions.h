// Elementwise functions with parameters, and sums of squares: y_i = f(x_i; a, b, c).
#pragma once
#include <cmath>

#include "kernels/launch/reals.h"

namespace paratrain {
namespace fn {

// The inverse of the error function: a closed approximation (Winitzki's), then Halley's steps, for large arguments on
// the complementary function, which loses no digits there.  A step triples the digits: one is enough for float.
PT_HD double erfinv(double x, int steps) {
  const double size = std::fabs(x), infinity = static_cast<double>(INFINITY);
  if (!(size < 1)) return size == 1 ? (x > 0 ? infinity : -infinity) : static_cast<double>(NAN);
  const double w = std::log1p(-x * x), t = 4.330746750799873 + 0.5 * w;
  double y = std::sqrt(std::sqrt(t * t - w / 0.147) - t);
  for (int step = 0; step < steps; ++step) {
    const double miss = y > 0.5 ? (1 - size) - std::erfc(y) : std::erf(y) - size;
    const double by = miss / (1.1283791670955126 * std::exp(-y * y));
    y -= by / (1 + y * by);
  }
  return x < 0 ? -y : y;
}

struct Erfinv {
  double a, b, c;
  template <class T>
  PT_HD T operator()(T x) const {
    return static_cast<T>(erfinv(static_cast<double>(x), sizeof(T) < sizeof(double) ? 1 : 2));
  }
};
struct HardSigmoid {  // alpha, beta
  double a, b, c;
  template <class T>
  PT_HD T operator()(T x) const {
    const T y = static_cast<T>(a) * x + static_cast<T>(b);
    return y < T(0) ? T(0) : (y > T(1) ? T(1) : y);
  }
};
struct Quadratic {
  double a, b, c;
  template <class T>
  PT_HD T operator()(T x) const {
    return static_cast<T>((static_cast<T>(a) * x + static_cast<T>(b)) * x + static_cast<T>(c));
  }
};

}  // namespace fn

// Attributes a, b, c.
template <class Device, class Function, class T>
struct ParametricKernel : Kernel {
  explicit ParametricKernel(const KernelSpec& s)
      : n(s.out[0].size()), function{s.attrs.real("a"), s.attrs.real("b"), s.attrs.real("c")} {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const Function f = function;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<T>(f(static_cast<Compute<T>>(x[i]))); });
  }
  int64_t n;
  Function function;
};

// (dY, Y) -> dX: a dY where Y is strictly between 0 and 1.
template <class Device, class T>
struct HardSigmoidGradKernel : Kernel {
  explicit HardSigmoidGradKernel(const KernelSpec& s) : n(s.out[0].size()), slope(s.attrs.real("a")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* y = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const C a = static_cast<C>(slope);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C v = static_cast<C>(y[i]);
      dx[i] = v > C(0) && v < C(1) ? static_cast<T>(a * static_cast<C>(dy[i])) : static_cast<T>(C(0));
    });
  }
  int64_t n;
  double slope;
};

// 1 if |a - b| <= atol + rtol |b| everywhere, else 0.  Attributes rtol, atol, equal_nan.
template <class Device>
struct AllCloseKernel : Kernel {
  explicit AllCloseKernel(const KernelSpec& s)
      : plan(plan_reduce({s.in[0].size()}, {true})),
        rtol(s.attrs.real("rtol")),
        atol(s.attrs.real("atol")),
        equal_nan(s.attrs.flag("equal_nan")),
        type(s.in[0].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const RealArray a{in[0], type}, b{in[1], type};
    uint8_t* y = static_cast<uint8_t*>(out[0]);
    const double relative = rtol, absolute = atol;
    const bool nans = equal_nan;
    Launch<Device>::template reduce<int32_t>(
        ctx, plan, 1,
        [=] PT_LAMBDA(int64_t i) {
          const double u = a[i], v = b[i];
          const bool same = u == v || (nans && u != u && v != v);
          const double miss = std::fabs(u - v);  // an infinite one is none to tolerate
          return same || (miss <= absolute + relative * std::fabs(v) && miss - miss == 0) ? 1 : 0;
        },
        [] PT_LAMBDA(int32_t u, int32_t v) { return u & v; },
        [=] PT_LAMBDA(int64_t, int32_t total) { *y = static_cast<uint8_t>(total); });
  }
  ReducePlan plan;
  double rtol, atol;
  bool equal_nan;
  DType type;
};

// X -> mean and variance over attribute axes; the variance from the differences to the mean.
template <class Device, class T>
struct MomentsKernel : Kernel {
  explicit MomentsKernel(const KernelSpec& s) : n(s.in[0].size()) {
    const Shape& shape = s.in[0].shape;
    Shape kept = shape;
    std::vector<bool> reduced(shape.size(), false);
    for (int64_t axis : s.attrs.ints("axes")) {
      reduced.at(static_cast<size_t>(axis)) = true;
      kept[static_cast<size_t>(axis)] = 1;
    }
    plan = plan_reduce(shape, reduced);
    spread = plan_broadcast(shape, kept, shape);
  }
  size_t workspace_bytes() const override { return static_cast<size_t>(n) * sizeof(Compute<T>); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T *mean = static_cast<T*>(out[0]), *var = static_cast<T*>(out[1]);
    C* squares = reinterpret_cast<C*>(ctx.workspace);
    const C length = static_cast<C>(plan.length);
    Launch<Device>::template reduce<C>(
        ctx, plan, C(0), [=] PT_LAMBDA(int64_t i) { return static_cast<C>(x[i]); },
        [] PT_LAMBDA(C a, C b) { return a + b; },
        [=] PT_LAMBDA(int64_t o, C total) { mean[o] = static_cast<T>(total / length); });
    Launch<Device>::broadcast(ctx, spread, [=] PT_LAMBDA(int64_t i, int64_t a, int64_t b) {
      const C d = static_cast<C>(x[a]) - static_cast<C>(mean[b]);
      squares[i] = d * d;
    });
    Launch<Device>::template reduce<C>(
        ctx, plan, C(0), [=] PT_LAMBDA(int64_t i) { return squares[i]; }, [] PT_LAMBDA(C a, C b) { return a + b; },
        [=] PT_LAMBDA(int64_t o, C total) { var[o] = static_cast<T>(total / length); });
  }
  int64_t n;
  ReducePlan plan;
  BroadcastPlan spread;
};

}  // namespace paratrain
