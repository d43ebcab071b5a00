// Softmax along one axis of an array seen as (outer, n, inner), its logarithm, and their gradients.
#pragma once
#include <cmath>

#include "kernels/elementwise/smooth.h"
#include "kernels/indexing/index.h"
#include "kernels/launch/rows.h"

namespace paratrain {

struct SoftmaxPlan {
  int64_t outer = 1, n = 1, inner = 1;
  double scale = 1;         // of the input: 1 / temperature, negative for softmin
  bool log = false;         // the logarithm
  bool has_length = false;  // places from a row's length on count as -infinity and give 0
  DType type = DType::int32;
};

// Attributes view (outer, n, inner), scale, log, has_length; `lengths`: which input they are.
SoftmaxPlan plan_softmax(const KernelSpec& s, size_t lengths);

namespace softmax {

constexpr int64_t kLanes = 16;

// Before a loop over lanes: it becomes SIMD as a loop; unrolled, often not.
#ifdef __CUDACC__
#define PT_LANES
#else
#define PT_LANES _Pragma("GCC ivdep") _Pragma("GCC unroll 1")
#endif

PT_HD int64_t length_of(const SoftmaxPlan& p, const IndexArray& lengths, int64_t row) {
  if (!p.has_length) return p.n;
  const int64_t n = lengths[row];
  return n < 0 ? 0 : (n > p.n ? p.n : n);
}

// max over [0, n) of load(k), in lanes; -infinity for none
template <class A, class Load>
PT_HD A row_max(int64_t n, Load load) {
  A lanes[kLanes];
  for (int64_t l = 0; l < kLanes; ++l) lanes[l] = -INFINITY;
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    PT_LANES
    for (int64_t l = 0; l < kLanes; ++l) {
      const A v = load(k + l);
      lanes[l] = v > lanes[l] ? v : lanes[l];
    }
  }
  A best = -INFINITY;
  for (; k < n; ++k) best = load(k) > best ? load(k) : best;
  for (int64_t l = 0; l < kLanes; ++l) best = lanes[l] > best ? lanes[l] : best;
  return best;
}

template <class A, class Load>
PT_HD A row_sum(int64_t n, Load load) {
  A lanes[kLanes] = {};
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    PT_LANES
    for (int64_t l = 0; l < kLanes; ++l) lanes[l] += load(k + l);
  }
  A sum = 0;
  for (; k < n; ++k) sum += load(k);
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (int64_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  }
  return sum + lanes[0];
}

// y[k] = value(k) for k in [0, n), and their sum.  value(k) may read what is at place k of y, and nothing else of it.
template <class A, class Value>
PT_HD A row_store_sum(int64_t n, A* y, Value value) {
  A lanes[kLanes] = {};
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    PT_LANES
    for (int64_t l = 0; l < kLanes; ++l) {
      const A v = value(k + l);
      y[k + l] = v;
      lanes[l] += v;
    }
  }
  A sum = 0;
  for (; k < n; ++k) sum += y[k] = value(k);
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (int64_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  }
  return sum + lanes[0];
}

// A row that lies contiguously; y may be x.  The largest element is taken off first: nothing overflows.
template <class T, class U>
PT_HD void forward_row(const SoftmaxPlan& p, int64_t n, const T* x, U* y) {
  using A = Compute<U>;
  const A scale = static_cast<A>(p.scale);
  const A top = row_max<A>(n, [=](int64_t k) { return static_cast<A>(x[k]) * scale; });
  const auto power = [=](int64_t k) { return smooth::exp_nonpositive(static_cast<A>(x[k]) * scale - top); };
  if (p.log) {
    const A shift = std::log(row_sum<A>(n, power));  // apart from top, which may be too large to add to
    for (int64_t k = 0; k < n; ++k) y[k] = static_cast<U>(static_cast<A>(x[k]) * scale - top - shift);
  } else if constexpr (std::is_same_v<U, A>) {
    const A by = A(1) / row_store_sum<A>(n, y, power);
    for (int64_t k = 0; k < n; ++k) y[k] *= by;
  } else {
    const A by = A(1) / row_sum<A>(n, power);
    for (int64_t k = 0; k < n; ++k) y[k] = static_cast<U>(power(k) * by);
  }
  for (int64_t k = n; k < p.n; ++k) y[k] = static_cast<U>(A(0));
}

// W neighbouring columns at a time, each a row that lies scattered.
template <int W, class T, class U>
PT_HD void forward_columns(const SoftmaxPlan& p, const int64_t* n, int64_t width, const T* x, U* y) {
  using A = Compute<U>;
  const A scale = static_cast<A>(p.scale);
  A top[W], sum[W];
  for (int64_t c = 0; c < width; ++c) top[c] = -INFINITY, sum[c] = 0;
  for (int64_t k = 0; k < p.n; ++k) {
    for (int64_t c = 0; c < width; ++c) {
      const A v = static_cast<A>(x[k * p.inner + c]) * scale;
      top[c] = k < n[c] && v > top[c] ? v : top[c];
    }
  }
  for (int64_t k = 0; k < p.n; ++k) {
    for (int64_t c = 0; c < width; ++c) {
      const A e = smooth::exp_nonpositive(static_cast<A>(x[k * p.inner + c]) * scale - top[c]);
      sum[c] += k < n[c] ? e : A(0);
    }
  }
  for (int64_t c = 0; c < width; ++c) sum[c] = p.log ? std::log(sum[c]) : A(1) / sum[c];
  for (int64_t k = 0; k < p.n; ++k) {
    for (int64_t c = 0; c < width; ++c) {
      const A v = static_cast<A>(x[k * p.inner + c]) * scale - top[c];
      const A r = p.log ? v - sum[c] : smooth::exp_nonpositive(v) * sum[c];
      y[k * p.inner + c] = static_cast<U>(k < n[c] ? r : A(0));
    }
  }
}

// dX = scale * Y * (dY - sum(dY * Y)), or scale * (dY - exp(Y) * sum(dY)) for the logarithm.
template <class T, class U>
PT_HD void backward_row(const SoftmaxPlan& p, int64_t n, const U* dy, const U* y, T* dx, int64_t step) {
  using A = Compute<U>;
  const A scale = static_cast<A>(p.scale);
  if (p.log) {
    const A sum = row_sum<A>(n, [=](int64_t k) { return static_cast<A>(dy[k * step]); });
    for (int64_t k = 0; k < n; ++k) {
      const A share = smooth::exp_nonpositive(static_cast<A>(y[k * step]));
      dx[k * step] = static_cast<T>(static_cast<Compute<T>>(scale * (static_cast<A>(dy[k * step]) - share * sum)));
    }
  } else {
    const A sum = row_sum<A>(n, [=](int64_t k) { return static_cast<A>(dy[k * step]) * static_cast<A>(y[k * step]); });
    for (int64_t k = 0; k < n; ++k) {
      const A v = scale * static_cast<A>(y[k * step]) * (static_cast<A>(dy[k * step]) - sum);
      dx[k * step] = static_cast<T>(static_cast<Compute<T>>(v));
    }
  }
  for (int64_t k = n; k < p.n; ++k) dx[k * step] = static_cast<T>(Compute<T>(0));
}

}  // namespace softmax

// (X[, lengths]) -> Y
template <class Device, class T, class U>
struct SoftmaxKernel : Kernel {
  explicit SoftmaxKernel(const KernelSpec& s) : plan(plan_softmax(s, 1)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    constexpr int kWidth = std::is_same_v<Device, Cpu> ? 64 : 1;
    const T* x = static_cast<const T*>(in[0]);
    U* y = static_cast<U*>(out[0]);
    const SoftmaxPlan p = plan;
    const IndexArray lengths{p.has_length ? in[1] : nullptr, p.type};
    if (p.inner == 1) {
      Rows<Device>::each(ctx, p.outer, 8 * p.n, [=] PT_LAMBDA(int64_t o) {
        softmax::forward_row(p, softmax::length_of(p, lengths, o), x + o * p.n, y + o * p.n);
      });
      return;
    }
    Rows<Device>::columns(ctx, p.outer, p.inner, 8 * p.n, [=] PT_LAMBDA(int64_t o, int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; c += kWidth) {
        const int64_t width = end - c < kWidth ? end - c : kWidth;
        int64_t n[kWidth];
        for (int64_t k = 0; k < width; ++k) n[k] = softmax::length_of(p, lengths, o * p.inner + c + k);
        const int64_t at = o * p.n * p.inner + c;
        softmax::forward_columns<kWidth>(p, n, width, x + at, y + at);
      }
    });
  }
  SoftmaxPlan plan;
};

// (dY, Y, X[, lengths]) -> dX; X is not read
template <class Device, class T, class U>
struct SoftmaxGradKernel : Kernel {
  explicit SoftmaxGradKernel(const KernelSpec& s) : plan(plan_softmax(s, 3)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const U* dy = static_cast<const U*>(in[0]);
    const U* y = static_cast<const U*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const SoftmaxPlan p = plan;
    const IndexArray lengths{p.has_length ? in[3] : nullptr, p.type};
    if (p.inner == 1) {
      Rows<Device>::each(ctx, p.outer, 4 * p.n, [=] PT_LAMBDA(int64_t o) {
        const int64_t at = o * p.n;
        softmax::backward_row(p, softmax::length_of(p, lengths, o), dy + at, y + at, dx + at, 1);
      });
      return;
    }
    Rows<Device>::each(ctx, p.outer * p.inner, 4 * p.n, [=] PT_LAMBDA(int64_t row) {
      const int64_t at = row / p.inner * p.n * p.inner + row % p.inner;
      softmax::backward_row(p, softmax::length_of(p, lengths, row), dy + at, y + at, dx + at, p.inner);
    });
  }
  SoftmaxPlan plan;
};

}  // namespace paratrain
