// Functors applied element by element on the CPU.
#pragma once
#include "kernels/launch/pointwise.h"

namespace paratrain {

// The innermost loops of a functor, over n elements that lie one behind the other.  An operand that stays the same is
// given as one number of the type that is computed in.
using UnaryLoopCall = void (*)(int64_t n, const void* x, void* y);
using BinaryLoopCall = void (*)(int64_t n, const void* a, const void* b, void* y);

// For types that a functor has no loop of its own for: blocks of elements are turned into a type that it has one for,
// and back.
struct Widened {
  UnaryLoopCall load, store;  // null: the loop takes the elements as they are
};

struct UnaryLine {
  UnaryLoopCall run;
  int64_t in_size, out_size;  // bytes of an element
  Widened wide;
};

struct BinaryLines {
  BinaryLoopCall both, first, second;               // both operands advance, only the first, only the second
  void (*widen)(const void* element, void* value);  // makes the number of an operand that stays
  int64_t size;                                     // bytes of an element
  Widened wide;
};

// Run them over whole arrays (pointwise_cpu.cc).
void run_lines(const RunContext& ctx, int64_t n, const UnaryLine& line, const void* x, void* y);
void run_lines(const RunContext& ctx, const BroadcastPlan& plan, const BinaryLines& lines, const void* a, const void* b,
               void* y);
// One operand may be a single value of the type that is computed in.
void run_lines(const RunContext& ctx, int64_t n, const BinaryLines& lines, const void* a, bool a_stays, const void* b,
               bool b_stays, void* y);

// With everything inlined, for a call in the loop would keep it from being vectorised.
template <class F, class From, class To>
struct UnaryLoop {
  __attribute__((flatten)) static void run(int64_t n, const void* in, void* out) {
    const From* x = static_cast<const From*>(in);
    To* y = static_cast<To*>(out);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<To>(F::apply(static_cast<Compute<From>>(x[i])));
  }
};

template <class F, class T>
struct BinaryLoops {
  using C = Compute<T>;
  __attribute__((flatten)) static void both(int64_t n, const void* a, const void* b, void* y) {
    const T *u = static_cast<const T*>(a), *v = static_cast<const T*>(b);
    T* out = static_cast<T*>(y);
#pragma GCC ivdep
#pragma GCC unroll 4  // one at a time, a row that is added to all others waits for the cache: a third slower
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(F::apply(static_cast<C>(u[i]), static_cast<C>(v[i])));
  }
  __attribute__((flatten)) static void first(int64_t n, const void* a, const void* b, void* y) {
    const T* u = static_cast<const T*>(a);
    const C v = *static_cast<const C*>(b);
    T* out = static_cast<T*>(y);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(F::apply(static_cast<C>(u[i]), v));
  }
  __attribute__((flatten)) static void second(int64_t n, const void* a, const void* b, void* y) {
    const C u = *static_cast<const C*>(a);
    const T* v = static_cast<const T*>(b);
    T* out = static_cast<T*>(y);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(F::apply(u, static_cast<C>(v[i])));
  }
  static void widen(const void* element, void* value) {
    *static_cast<C*>(value) = static_cast<C>(*static_cast<const T*>(element));
  }
};

template <class C>
struct As {
  template <class T>
  PT_HD static C apply(T v) {
    return static_cast<C>(v);
  }
};
// How blocks of T become blocks of the type R that a loop is there for.
template <class T, class R>
constexpr Widened widened() {
  if constexpr (std::is_same_v<T, R>) {
    return {nullptr, nullptr};
  } else {
    return {UnaryLoop<As<R>, T, R>::run, UnaryLoop<As<Compute<T>>, R, T>::run};
  }
}

// Whether a functor computes in float or double whatever the type of its operand.
template <class F, class = void>
struct IsReal : std::false_type {};
template <class F>
struct IsReal<F, std::void_t<decltype(F::kReal)>> : std::true_type {};

// Loops are made for few types; the others pass through them.
template <class T>
constexpr bool kIs16Bit = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
template <class T>
using Loaded = std::conditional_t<kIs16Bit<T>, float, T>;
template <class F, class T>
using LoadedFor = std::conditional_t<IsReal<F>::value && std::is_integral_v<T>, double, Loaded<T>>;

template <>
struct Pointwise<Cpu> {
  template <class F, class From, class To>
  static void unary(const RunContext& ctx, int64_t n, const From* x, To* y) {
    if constexpr (std::is_same_v<From, To>) {
      using R = LoadedFor<F, From>;
      run_lines(ctx, n, {UnaryLoop<F, R, R>::run, sizeof(From), sizeof(To), widened<From, R>()}, x, y);
    } else {
      run_lines(ctx, n, {UnaryLoop<F, From, To>::run, sizeof(From), sizeof(To), {}}, x, y);
    }
  }

  template <class F, class T>
  static constexpr BinaryLines lines() {
    using Loops = BinaryLoops<F, Loaded<T>>;
    return {Loops::both, Loops::first, Loops::second, BinaryLoops<F, T>::widen, sizeof(T), widened<T, Loaded<T>>()};
  }

  template <class F, class T>
  static void binary(const RunContext& ctx, const BroadcastPlan& plan, const T* a, const T* b, T* y) {
    run_lines(ctx, plan, lines<F, T>(), a, b, y);
  }

  template <class F, class T>
  static void scalar(const RunContext& ctx, int64_t n, const T* x, double value, bool reverse, T* y) {
    const Compute<T> v = static_cast<Compute<T>>(value);
    if (reverse) {
      run_lines(ctx, n, lines<F, T>(), &v, true, x, false, y);
    } else {
      run_lines(ctx, n, lines<F, T>(), x, false, &v, true, y);
    }
  }
};

}  // namespace paratrain
