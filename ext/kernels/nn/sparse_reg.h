// Identity whose gradient pushes the mean of each feature towards a small value.
#pragma once
#include "kernels/launch/rows.h"

namespace paratrain {

// (data (N, C), averages (C,)) -> data[, averages].  In training the averages become momentum * average +
// (1 - momentum) * mean.  Attributes momentum, train.
template <class Device, class T>
struct SparseRegKernel : Kernel {
  explicit SparseRegKernel(const KernelSpec& s)
      : rows(s.in[0].shape.at(0)),
        columns(s.in[0].shape.at(1)),
        momentum(s.attrs.real("momentum")),
        train(s.attrs.flag("train") && s.out.size() > 1),
        keeps(s.out.size() > 1) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* average = static_cast<T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    Launch<Device>::map(ctx, rows * columns, [=] PT_LAMBDA(int64_t i) { y[i] = x[i]; });
    if (!keeps) return;
    T* used = static_cast<T*>(out[1]);
    const int64_t n = rows, m = columns;
    const bool moves = train && n > 0;
    const C kept = static_cast<C>(momentum);
    Rows<Device>::each(ctx, m, n, [=] PT_LAMBDA(int64_t c) {
      if (moves) {
        C sum = 0;
        for (int64_t r = 0; r < n; ++r) sum += static_cast<C>(x[r * m + c]);
        average[c] = static_cast<T>(kept * static_cast<C>(average[c]) + (1 - kept) * sum / static_cast<C>(n));
      }
      used[c] = average[c];
    });
  }
  int64_t rows, columns;
  double momentum;
  bool train, keeps;
};

// (dY, averages) -> dX; attributes sparseness_target, penalty.
template <class Device, class T>
struct SparseRegGradKernel : Kernel {
  explicit SparseRegGradKernel(const KernelSpec& s)
      : size(s.out[0].size()),
        columns(s.out[0].shape.at(1)),
        target(s.attrs.real("sparseness_target")),
        penalty(s.attrs.real("penalty")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* average = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const int64_t m = columns;
    const C wanted = static_cast<C>(target), weight = static_cast<C>(penalty);
    Launch<Device>::map(ctx, size, [=] PT_LAMBDA(int64_t i) {
      const C is = static_cast<C>(average[i % m]);
      dx[i] = static_cast<T>(static_cast<C>(dy[i]) + weight * ((1 - wanted) / (1 - is) - wanted / is));
    });
  }
  int64_t size, columns;
  double target, penalty;
};

}  // namespace paratrain
