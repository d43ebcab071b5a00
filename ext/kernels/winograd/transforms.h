// The transforms of Winograd's forms, along one axis and along both.  A form with T = m + r - 1 places interpolates
// polynomials at T points: 0, pairs +p and -p, and infinity (Toom-Cook).  With V(K) the matrix that evaluates a
// polynomial of K coefficients at these points, and N the products of the differences between each point and the
// others,
//
//     A = V(m),   G = N^-1 V(r),   B' = the coefficients of the products of (x - q) over the other points q.
//
// Pairs share their even and odd parts.  Six places: +-5/8 and +-3/2 round less than +-1 and +-2 (the root mean square
// error of F(4 x 4, 3 x 3) is 1.8 times that of direct sums instead of 4.0), and are exact in binary.
#pragma once
#include "kernels/simd.h"

namespace paratrain::winograd {
namespace {

using simd::load;
using simd::load_some;
using simd::store;
using simd::store_some;
using simd::Vec;

template <int T>
struct Points;

template <>
struct Points<4> {
  static constexpr float pair[] = {1.0f};
  static constexpr float scale[] = {1.0f, 0.5f};  // 1 / N of 0, and of each pair; B' of 0 is negated
};

template <>
struct Points<6> {
  static constexpr double a = 0.625, b = 1.5;
  static constexpr float pair[] = {a, b};
  static constexpr float scale[] = {1 / (a * a * b * b), 1 / (2 * a * a * (a * a - b * b)),
                                    1 / (2 * b * b * (b * b - a * a))};
};

constexpr float power(float x, int k) { return k == 0 ? 1.0f : x * power(x, k - 1); }

// B': what each place takes of a patch.
template <int T>
struct Spread;

template <>
struct Spread<4> {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* x, V* v) {
    v[0] = x[0] - x[2];
    v[1] = x[2] + x[1];
    v[2] = x[2] - x[1];
    v[3] = x[3] - x[1];
  }
};

template <>
struct Spread<6> {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* x, V* v) {
    constexpr float a = Points<6>::pair[0], b = Points<6>::pair[1], a2 = a * a, b2 = b * b;
    const V even_a = x[4] - b2 * x[2], odd_a = a * (x[3] - b2 * x[1]);
    const V even_b = x[4] - a2 * x[2], odd_b = b * (x[3] - a2 * x[1]);
    v[0] = x[4] - (a2 + b2) * x[2] + a2 * b2 * x[0];
    v[1] = even_a + odd_a;
    v[2] = even_a - odd_a;
    v[3] = even_b + odd_b;
    v[4] = even_b - odd_b;
    v[5] = x[5] - (a2 + b2) * x[3] + a2 * b2 * x[1];
  }
};

// B
template <int T>
struct Gather;

template <>
struct Gather<4> {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* v, V* x) {
    x[0] = v[0];
    x[1] = v[1] - v[2] - v[3];
    x[2] = v[1] + v[2] - v[0];
    x[3] = v[3];
  }
};

template <>
struct Gather<6> {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* v, V* x) {
    constexpr float a = Points<6>::pair[0], b = Points<6>::pair[1], a2 = a * a, b2 = b * b;
    const V even_a = v[1] + v[2], odd_a = a * (v[1] - v[2]), even_b = v[3] + v[4], odd_b = b * (v[3] - v[4]);
    x[0] = a2 * b2 * v[0];
    x[1] = a2 * b2 * v[5] - b2 * odd_a - a2 * odd_b;
    x[2] = -(a2 + b2) * v[0] - b2 * even_a - a2 * even_b;
    x[3] = odd_a + odd_b - (a2 + b2) * v[5];
    x[4] = v[0] + even_a + even_b;
    x[5] = v[5];
  }
};

// V(K): a polynomial at the points.
template <int T, int K>
struct Evaluate {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* x, V* v) {
    v[0] = x[0];
#pragma GCC unroll 2
    for (int p = 0; p < (T - 2) / 2; ++p) {
      const float point = Points<T>::pair[p];
      V even = x[0], odd = point * x[1];
#pragma GCC unroll 8
      for (int k = 2; k < K; ++k) (k % 2 ? odd : even) += power(point, k) * x[k];
      v[1 + 2 * p] = even + odd;
      v[2 + 2 * p] = even - odd;
    }
    v[T - 1] = x[K - 1];
  }
};

// V(K)'.
template <int T, int K>
struct Collect {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* v, V* x) {
#pragma GCC unroll 8
    for (int k = 0; k < K; ++k) x[k] = V{};
#pragma GCC unroll 2
    for (int p = 0; p < (T - 2) / 2; ++p) {
      const float point = Points<T>::pair[p];
      const V even = v[1 + 2 * p] + v[2 + 2 * p], odd = v[1 + 2 * p] - v[2 + 2 * p];
#pragma GCC unroll 8
      for (int k = 0; k < K; ++k) x[k] += power(point, k) * (k % 2 ? odd : even);
    }
    x[0] += v[0];
    x[K - 1] += v[T - 1];
  }
};

template <int T, class V>
inline __attribute__((always_inline)) void scale(V* v) {
  v[0] *= Points<T>::scale[0];
#pragma GCC unroll 4
  for (int i = 1; i < T - 1; ++i) v[i] *= Points<T>::scale[(i + 1) / 2];
}

// G
template <int T, int K>
struct Filter {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* x, V* v) {
    Evaluate<T, K>::apply(x, v);
    scale<T>(v);
  }
};

// G'
template <int T, int K>
struct Restore {
  template <class V>
  static inline __attribute__((always_inline)) void apply(const V* v, V* x) {
    V scaled[T];
#pragma GCC unroll 8
    for (int i = 0; i < T; ++i) scaled[i] = v[i];
    scale<T>(scaled);
    Collect<T, K>::apply(scaled, x);
  }
};

// A transform of In to Out values along both axes: M x M'.  `get(i, j)` gives x, `put(i, j, v)` takes the result.
template <int W, int In, int Out, class Transform, class Get, class Put>
inline __attribute__((always_inline)) void transform(Get get, Put put) {
  Vec<W> t[Out][In];
#pragma GCC unroll 8
  for (int j = 0; j < In; ++j) {
    Vec<W> x[In], v[Out];
#pragma GCC unroll 8
    for (int i = 0; i < In; ++i) x[i] = get(i, j);
    Transform::apply(x, v);
#pragma GCC unroll 8
    for (int i = 0; i < Out; ++i) t[i][j] = v[i];
  }
#pragma GCC unroll 8
  for (int i = 0; i < Out; ++i) {
    Vec<W> v[Out];
    Transform::apply(t[i], v);
#pragma GCC unroll 8
    for (int j = 0; j < Out; ++j) put(i, j, v[j]);
  }
}

}  // namespace
}  // namespace paratrain::winograd
