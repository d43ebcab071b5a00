// Algorithms on one dense matrix, row by row in memory; T is float or double.  One thread works on a matrix: batches
// are what runs in parallel.  Loops over rows come innermost, so that they are vectorised on the CPU.
#pragma once
#include <cmath>
#include <limits>

#include "core/dtype.h"

namespace paratrain::matrix {

template <class T>
PT_HD T dot(const T* a, const T* b, int64_t n) {
  constexpr int kSums = 8;  // independent, so that they fit a vector
  T sums[kSums] = {};
  int64_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (int k = 0; k < kSums; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (int k = 0; i < n; ++i, ++k) sums[k] += a[i] * b[i];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

// y += factor * x
template <class T>
PT_HD void add_multiple(T* y, T factor, const T* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

template <class T>
PT_HD void swap_rows(T* a, T* b, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const T kept = a[i];
    a[i] = b[i];
    b[i] = kept;
  }
}

// A = L L^T: the lower triangle of a becomes L, the rest zero.  False if A is not positive definite.
template <class T>
PT_HD bool cholesky(T* a, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    T* row = a + i * n;
    for (int64_t j = 0; j < i; ++j) row[j] = (row[j] - dot(row, a + j * n, j)) / a[j * n + j];
    const T left = row[i] - dot(row, row, i);
    if (!(left > T(0))) return false;
    row[i] = std::sqrt(left);
    for (int64_t j = i + 1; j < n; ++j) row[j] = T(0);
  }
  return true;
}

// y = (L L^T)^-1 from L; w: n * n elements, which become L^-1.
template <class T>
PT_HD void inverse_from_cholesky(const T* l, int64_t n, T* w, T* y) {
  for (int64_t i = 0; i < n; ++i) {
    T* row = w + i * n;
    for (int64_t j = 0; j < n; ++j) row[j] = y[i * n + j] = T(0);
    row[i] = T(1);
    for (int64_t k = 0; k < i; ++k) add_multiple(row, -l[i * n + k], w + k * n, k + 1);
    for (int64_t j = 0; j <= i; ++j) row[j] /= l[i * n + i];
  }
  for (int64_t k = 0; k < n; ++k) {
    for (int64_t i = 0; i <= k; ++i) add_multiple(y + i * n, w[k * n + i], w + k * n, i + 1);
  }
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = i + 1; j < n; ++j) y[i * n + j] = y[j * n + i];
  }
}

// x with x A = b or, by_rows, A x = b, for triangular a, from the first unknown (down) or from the last one on; x is b
// before.  Either way a is read row by row.
template <class T>
PT_HD void solve_triangular(const T* a, int64_t n, bool down, bool by_rows, T* x) {
  for (int64_t k = 0; k < n; ++k) {
    const int64_t i = down ? k : n - 1 - k, after = i + 1;
    const T* row = a + i * n;
    if (by_rows) {
      x[i] = (x[i] - (down ? dot(row, x, i) : dot(row + after, x + after, n - after))) / row[i];
    } else {
      x[i] /= row[i];
      if (down) {
        add_multiple(x + after, -x[i], row + after, n - after);
      } else {
        add_multiple(x, -x[i], row, i);
      }
    }
  }
}

// P A = L U with the largest pivots: a becomes L (without its diagonal of ones) and U, order[i] the row of A that row i
// came from.  Returns the sign of the permutation, 0 where a pivot is zero (the rest is then left as it is).
template <class T>
PT_HD int lu(T* a, int64_t n, int64_t* order) {
  int sign = 1;
  for (int64_t i = 0; i < n; ++i) order[i] = i;
  for (int64_t k = 0; k < n; ++k) {
    int64_t best = k;
    for (int64_t i = k + 1; i < n; ++i) {
      if (std::fabs(a[i * n + k]) > std::fabs(a[best * n + k])) best = i;
    }
    if (best != k) {
      swap_rows(a + k * n, a + best * n, n);
      swap_rows(order + k, order + best, 1);
      sign = -sign;
    }
    if (a[k * n + k] == T(0)) return 0;
    for (int64_t i = k + 1; i < n; ++i) {
      T* row = a + i * n;
      row[k] /= a[k * n + k];
      add_multiple(row + k + 1, -row[k], a + k * n + k + 1, n - k - 1);
    }
  }
  return sign;
}

// A^-1 from what lu made of A.
template <class T>
PT_HD void inverse_from_lu(const T* a, int64_t n, const int64_t* order, T* y) {
  for (int64_t i = 0; i < n; ++i) {
    T* row = y + i * n;
    for (int64_t j = 0; j < n; ++j) row[j] = T(order[i] == j);
    for (int64_t k = 0; k < i; ++k) add_multiple(row, -a[i * n + k], y + k * n, n);
  }
  for (int64_t i = n - 1; i >= 0; --i) {
    T* row = y + i * n;
    for (int64_t k = i + 1; k < n; ++k) add_multiple(row, -a[i * n + k], y + k * n, n);
    for (int64_t j = 0; j < n; ++j) row[j] /= a[i * n + i];
  }
}

// row -= tau * (row . v) * v, where v[0] counts as one
template <class T>
PT_HD void reflect(T* row, const T* v, T tau, int64_t n) {
  const T along = tau * (row[0] + dot(row + 1, v + 1, n - 1));
  row[0] -= along;
  add_multiple(row + 1, -along, v + 1, n - 1);
}

// A = L Q for m <= n by Householder's reflections, with LAPACK's signs.  a (m, n) is overwritten; tau: m elements.
template <class T>
PT_HD void lq(T* a, int64_t m, int64_t n, T* tau, T* q, T* l) {
  for (int64_t k = 0; k < m; ++k) {
    T* v = a + k * n + k;
    const int64_t length = n - k;
    const T rest = std::sqrt(dot(v + 1, v + 1, length - 1));
    tau[k] = T(0);
    T diagonal = v[0];
    if (rest != T(0)) {
      const T norm = std::hypot(v[0], rest);
      diagonal = v[0] < T(0) ? norm : -norm;
      tau[k] = (diagonal - v[0]) / diagonal;
      const T scale = T(1) / (v[0] - diagonal);
      for (int64_t j = 1; j < length; ++j) v[j] *= scale;
    }
    for (int64_t i = k + 1; i < m; ++i) reflect(a + i * n + k, v, tau[k], length);
    for (int64_t j = 0; j < m; ++j) l[k * m + j] = j < k ? a[k * n + j] : (j == k ? diagonal : T(0));
  }
  for (int64_t i = 0; i < m; ++i) {  // row i of Q: the unit vector, reflected by i, i - 1, ..., 0
    T* row = q + i * n;
    for (int64_t j = 0; j < n; ++j) row[j] = T(i == j);
    for (int64_t k = i; k >= 0; --k) reflect(row + k, a + k * n + k, tau[k], n - k);
  }
}

// Rotates rows p and r of x: (p, r) -> (c p - s r, s p + c r)
template <class T>
PT_HD void rotate(T* p, T* r, int64_t n, int64_t step, T c, T s) {
  for (int64_t i = 0; i < n; ++i) {
    const T x = p[i * step], y = r[i * step];
    p[i * step] = c * x - s * y;
    r[i * step] = s * x + c * y;
  }
}

// The eigenvectors of a symmetric matrix as rows of u, its eigenvalues ascending, by Jacobi's rotations.  The lower
// triangle of a counts; a is overwritten.
template <class T>
PT_HD void symmetric_eigen(T* a, int64_t n, T* u, T* values) {
  T norm = 0;
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      u[i * n + j] = T(i == j);
      if (j > i) a[i * n + j] = a[j * n + i];
      norm = std::hypot(norm, a[i * n + j]);
    }
  }
  const T small = norm * std::numeric_limits<T>::epsilon() / T(n > 0 ? 4 * n : 1);
  constexpr int kSweeps = 64;  // a handful is enough; a bound, for what is not finite
  bool rotated = true;
  for (int sweep = 0; sweep < kSweeps && rotated; ++sweep) {
    rotated = false;
    for (int64_t p = 0; p + 1 < n; ++p) {
      for (int64_t r = p + 1; r < n; ++r) {
        const T off = a[r * n + p];
        if (!(std::fabs(off) > small)) continue;
        rotated = true;
        const T theta = (a[r * n + r] - a[p * n + p]) / (T(2) * off);
        const T t = (theta < T(0) ? T(-1) : T(1)) / (std::fabs(theta) + std::sqrt(theta * theta + T(1)));
        const T c = T(1) / std::sqrt(t * t + T(1)), s = t * c;
        rotate(a + p * n, a + r * n, n, 1, c, s);
        rotate(a + p, a + r, n, n, c, s);
        a[p * n + r] = a[r * n + p] = T(0);
        rotate(u + p * n, u + r * n, n, 1, c, s);
      }
    }
  }
  for (int64_t i = 0; i < n; ++i) values[i] = a[i * n + i];
  for (int64_t i = 0; i < n; ++i) {
    int64_t least = i;
    for (int64_t k = i + 1; k < n; ++k) {
      if (values[k] < values[least]) least = k;
    }
    if (least != i) {
      swap_rows(values + i, values + least, 1);
      swap_rows(u + i * n, u + least * n, n);
    }
    T largest = 0;  // the component of the largest size is positive
    for (int64_t j = 0; j < n; ++j) {
      if (std::fabs(u[i * n + j]) > std::fabs(largest)) largest = u[i * n + j];
    }
    if (largest < T(0)) {
      for (int64_t j = 0; j < n; ++j) u[i * n + j] = -u[i * n + j];
    }
  }
}

}  // namespace paratrain::matrix
