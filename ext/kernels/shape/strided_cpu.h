// Strided copies on the CPU: whole runs where the innermost axis is contiguous, 2-D blocks where another one is.
#pragma once
#include <cstring>

#include "kernels/launch/cpu.h"
#include "kernels/shape/strided.h"

namespace paratrain {

template <class T>
struct StridedLoop<Cpu, T> {
  static void gather(const RunContext& ctx, const StridedPlan& p, const T* x, T* y) {
    copy(
        ctx, p, [x, y](int64_t view, int64_t row) { y[row] = x[view]; },
        [x, y](int64_t view, int64_t row, int64_t n) {
          std::memcpy(y + row, x + view, static_cast<size_t>(n) * sizeof(T));
        });
  }
  static void scatter(const RunContext& ctx, const StridedPlan& p, const T* x, T* y) {
    copy(
        ctx, p, [x, y](int64_t view, int64_t row) { y[view] = x[row]; },
        [x, y](int64_t view, int64_t row, int64_t n) {
          std::memcpy(y + view, x + row, static_cast<size_t>(n) * sizeof(T));
        });
  }
  static void zero(const RunContext& ctx, int64_t n, T* y) {
    Launch<Cpu>::map(ctx, n, [=](int64_t i) { y[i] = T(0); });
  }

 private:
  static constexpr int64_t kRun = 16384;  // elements of one contiguous copy

  // one(view, row) moves an element, run(view, row, n) n of them that are contiguous on both sides.
  template <class One, class Run>
  static void copy(const RunContext& ctx, const StridedPlan& p, One one, Run run) {
    if (p.size == 0) return;
    if (p.ndim == 0) return one(p.offset, 0);
    const int last = p.ndim - 1;
    if (p.stride[last] == 1) return copy_runs(ctx, p, run);
    for (int d = 0; d < last; ++d) {
      if (p.stride[d] == 1) return copy_blocks(ctx, p, d, one);
    }
    const int64_t inner = p.shape[last], step = p.stride[last];
    Launch<Cpu>::each(ctx, p.size / inner, inner, [&, one](int64_t row) {
      const int64_t view = p.offset + offset_of(row, last, p.shape, p.stride);
#pragma GCC ivdep
      for (int64_t k = 0; k < inner; ++k) one(view + k * step, row * inner + k);
    });
  }

  template <class Run>
  static void copy_runs(const RunContext& ctx, const StridedPlan& p, Run run) {
    const int last = p.ndim - 1;
    const int64_t inner = p.shape[last], pieces = (inner + kRun - 1) / kRun;
    Launch<Cpu>::each(ctx, p.size / inner * pieces, std::min(inner, kRun), [&, run](int64_t item) {
      const int64_t row = item / pieces, begin = item % pieces * kRun;
      const int64_t view = p.offset + offset_of(row, last, p.shape, p.stride);
      run(view + begin, row * inner + begin, std::min(kRun, inner - begin));
    });
  }

  // Axis `fast` is contiguous in the view, the last one in the row-major array: square blocks of both.
  template <class One>
  static void copy_blocks(const RunContext& ctx, const StridedPlan& p, int fast, One one) {
    constexpr int64_t kBlock = 128 / sizeof(T);
    const int last = p.ndim - 1;
    const int64_t rows = p.shape[fast], columns = p.shape[last], step = p.stride[last];
    int64_t stride_of[kMaxStrided];  // in the row-major array
    stride_of[last] = 1;
    for (int d = last; d > 0; --d) stride_of[d - 1] = stride_of[d] * p.shape[d];
    const int64_t row_step = stride_of[fast];
    // The other axes, with their strides in both arrays.
    StridedPlan outer;
    int64_t row_stride[kMaxStrided];
    for (int d = 0; d < last; ++d) {
      if (d == fast) continue;
      outer.shape[outer.ndim] = p.shape[d];
      outer.stride[outer.ndim] = p.stride[d];
      row_stride[outer.ndim] = stride_of[d];
      ++outer.ndim;
    }
    const int64_t bands = (rows + kBlock - 1) / kBlock, tiles = (columns + kBlock - 1) / kBlock;
    const int64_t planes = p.size / (rows * columns);
    Launch<Cpu>::each(ctx, planes * bands, std::min(rows, kBlock) * columns, [&, one](int64_t item) {
      const int64_t plane = item / bands, r0 = item % bands * kBlock, r1 = std::min(rows, r0 + kBlock);
      const int64_t view = p.offset + offset_of(plane, outer.ndim, outer.shape, outer.stride);
      const int64_t row = offset_of(plane, outer.ndim, outer.shape, row_stride);
      for (int64_t t = 0; t < tiles; ++t) {
        const int64_t c0 = t * kBlock, c1 = std::min(columns, c0 + kBlock);
        for (int64_t r = r0; r < r1; ++r) {
#pragma GCC ivdep
          for (int64_t c = c0; c < c1; ++c) one(view + r + c * step, row + r * row_step + c);
        }
      }
    });
  }
};

}  // namespace paratrain
