// Strided copies on the CPU: whole runs where the innermost axis is contiguous, transposed blocks where another one is.
#pragma once
#include <cstring>

#include "kernels/launch/cpu.h"
#include "kernels/shape/strided.h"
#include "kernels/shape/transpose_cpu.h"

namespace paratrain {

namespace strided {

// How one element, a run of n that are contiguous on both sides, and a block move.  `view` and `row` are places in
// the strided and in the row-major array.  In a block, the view's first axis and the row's second are contiguous.
template <class T>
struct Gather {
  const T* x;
  T* y;
  void one(int64_t view, int64_t row) const { y[row] = x[view]; }
  void run(int64_t view, int64_t row, int64_t n) const {
    std::memcpy(y + row, x + view, static_cast<size_t>(n) * sizeof(T));
  }
  void block(int64_t view, int64_t step, int64_t row, int64_t row_step, int64_t rows, int64_t columns) const {
    transpose(x + view, step, y + row, row_step, rows, columns);
  }
};
template <class T>
struct Scatter {
  const T* x;
  T* y;
  void one(int64_t view, int64_t row) const { y[view] = x[row]; }
  void run(int64_t view, int64_t row, int64_t n) const {
    std::memcpy(y + view, x + row, static_cast<size_t>(n) * sizeof(T));
  }
  void block(int64_t view, int64_t step, int64_t row, int64_t row_step, int64_t rows, int64_t columns) const {
    transpose(x + row, row_step, y + view, step, columns, rows);
  }
};

}  // namespace strided

template <class T>
struct StridedLoop<Cpu, T> {
  static void gather(const RunContext& ctx, const StridedPlan& p, const T* x, T* y) {
    copy(ctx, p, strided::Gather<T>{x, y});
  }
  static void scatter(const RunContext& ctx, const StridedPlan& p, const T* x, T* y) {
    copy(ctx, p, strided::Scatter<T>{x, y});
  }
  static void zero(const RunContext& ctx, int64_t n, T* y) {
    Launch<Cpu>::map(ctx, n, [=](int64_t i) { y[i] = T(0); });
  }

 private:
  static constexpr int64_t kRun = 16384;                              // elements of one contiguous copy
  static constexpr int64_t kRows = 256 / sizeof(T), kColumns = 1024;  // of one block

  template <class Move>
  static void copy(const RunContext& ctx, const StridedPlan& p, Move move) {
    if (p.size == 0) return;
    if (p.ndim == 0) return move.one(p.offset, 0);
    const int last = p.ndim - 1;
    if (p.stride[last] == 1) return copy_runs(ctx, p, move);
    for (int d = 0; d < last && p.stride[last] != 0; ++d) {
      if (p.stride[d] == 1) return copy_blocks(ctx, p, d, move);
    }
    const int64_t inner = p.shape[last], step = p.stride[last];
    Launch<Cpu>::each(ctx, p.size / inner, inner, [&, move](int64_t row) {
      const int64_t view = p.offset + offset_of(row, last, p.shape, p.stride);
      if (step == 0) {
#pragma GCC ivdep
        for (int64_t k = 0; k < inner; ++k) move.one(view, row * inner + k);
      } else {
#pragma GCC ivdep
        for (int64_t k = 0; k < inner; ++k) move.one(view + k * step, row * inner + k);
      }
    });
  }

  template <class Move>
  static void copy_runs(const RunContext& ctx, const StridedPlan& p, Move move) {
    const int last = p.ndim - 1;
    const int64_t inner = p.shape[last], pieces = (inner + kRun - 1) / kRun;
    Launch<Cpu>::each(ctx, p.size / inner * pieces, std::min(inner, kRun), [&, move](int64_t item) {
      const int64_t row = item / pieces, begin = item % pieces * kRun;
      const int64_t view = p.offset + offset_of(row, last, p.shape, p.stride);
      move.run(view + begin, row * inner + begin, std::min(kRun, inner - begin));
    });
  }

  // Axis `fast` is contiguous in the view, the last one in the row-major array: bands of rows, cut in pieces.
  template <class Move>
  static void copy_blocks(const RunContext& ctx, const StridedPlan& p, int fast, Move move) {
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
    const int64_t bands = (rows + kRows - 1) / kRows, pieces = (columns + kColumns - 1) / kColumns;
    const int64_t planes = p.size / (rows * columns);
    const int64_t work = std::min(rows, kRows) * std::min(columns, kColumns);
    Launch<Cpu>::each(ctx, planes * bands * pieces, work, [&, move](int64_t item) {
      const int64_t plane = item / pieces / bands;
      const int64_t r = item / pieces % bands * kRows, c = item % pieces * kColumns;
      const int64_t view = p.offset + offset_of(plane, outer.ndim, outer.shape, outer.stride);
      const int64_t row = offset_of(plane, outer.ndim, outer.shape, row_stride);
      move.block(view + r + c * step, step, row + r * row_step + c, row_step, std::min(rows - r, kRows),
                 std::min(columns - c, kColumns));
    });
  }
};

}  // namespace paratrain
