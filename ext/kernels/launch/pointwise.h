// Functors applied element by element.
//
//   Pointwise<D>::unary<F, From, To>(ctx, n, x, y)                y[i] = F(x[i])
//   Pointwise<D>::binary<F, T>(ctx, plan, a, b, y)                y[i] = F(a[..], b[..]), broadcast by the plan
//   Pointwise<D>::scalar<F, T>(ctx, n, x, value, reverse, y)      y[i] = F(x[i], value), or F(value, x[i])
//
// F::apply computes in Compute<T>.  On the GPU each is a kernel of its own.  On the CPU (pointwise_cpu.h) only the
// innermost loop is made for each functor and type; what cuts and spreads the work is compiled once for all.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

template <class Device>
struct Pointwise {
  template <class F, class From, class To>
  static void unary(const RunContext& ctx, int64_t n, const From* x, To* y) {
    Launch<Device>::map(
        ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<To>(F::apply(static_cast<Compute<From>>(x[i]))); });
  }

  template <class F, class T>
  static void binary(const RunContext& ctx, const BroadcastPlan& plan, const T* a, const T* b, T* y) {
    using C = Compute<T>;
    Launch<Device>::broadcast(ctx, plan, [=] PT_LAMBDA(int64_t i, int64_t j, int64_t k) {
      y[i] = static_cast<T>(F::apply(static_cast<C>(a[j]), static_cast<C>(b[k])));
    });
  }

  template <class F, class T>
  static void scalar(const RunContext& ctx, int64_t n, const T* x, double value, bool reverse, T* y) {
    using C = Compute<T>;
    const C v = static_cast<C>(value);
    if (reverse) {
      Launch<Device>::map(ctx, n,
                          [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<T>(F::apply(v, static_cast<C>(x[i]))); });
    } else {
      Launch<Device>::map(ctx, n,
                          [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<T>(F::apply(static_cast<C>(x[i]), v)); });
    }
  }
};

}  // namespace paratrain
