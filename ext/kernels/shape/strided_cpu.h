// Strided copies on the CPU: whole runs where the innermost axis is contiguous, 2-D blocks where another one is.
#pragma once
#include <cstring>

#include "kernels/launch/cpu.h"
#include "kernels/shape/strided.h"

namespace paratrain {

namespace strided {

// A square of both arrays has this many bytes along an edge: two cache lines.
constexpr int64_t kEdgeBytes = 128;

// to[r * to_step + c] = from[c * from_step + r], by way of a small buffer: steps that are powers of two would
// otherwise throw each other's lines out of the cache.
template <class T>
void transpose(const T* from, int64_t from_step, T* to, int64_t to_step, int64_t rows, int64_t columns) {
  constexpr int64_t kEdge = kEdgeBytes / sizeof(T);
  T buffer[kEdge][kEdge + 1];
  for (int64_t c = 0; c < columns; ++c) {
    for (int64_t r = 0; r < rows; ++r) buffer[c][r] = from[c * from_step + r];
  }
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) to[r * to_step + c] = buffer[c][r];
  }
}

// How one element, a run of n that are contiguous on both sides, and a square move.  `view` and `row` are places in
// the strided and in the row-major array.  In a square, the view's first axis and the row's second are contiguous.
template <class T>
struct Gather {
  const T* x;
  T* y;
  void one(int64_t view, int64_t row) const { y[row] = x[view]; }
  void run(int64_t view, int64_t row, int64_t n) const {
    std::memcpy(y + row, x + view, static_cast<size_t>(n) * sizeof(T));
  }
  void square(int64_t view, int64_t step, int64_t row, int64_t row_step, int64_t rows, int64_t columns) const {
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
  void square(int64_t view, int64_t step, int64_t row, int64_t row_step, int64_t rows, int64_t columns) const {
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
  static constexpr int64_t kRun = 16384;  // elements of one contiguous copy

  template <class Move>
  static void copy(const RunContext& ctx, const StridedPlan& p, Move move) {
    if (p.size == 0) return;
    if (p.ndim == 0) return move.one(p.offset, 0);
    const int last = p.ndim - 1;
    if (p.stride[last] == 1) return copy_runs(ctx, p, move);
    for (int d = 0; d < last && p.stride[last] != 0; ++d) {
      if (p.stride[d] == 1) return copy_squares(ctx, p, d, move);
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

  // Axis `fast` is contiguous in the view, the last one in the row-major array: square blocks of both.
  template <class Move>
  static void copy_squares(const RunContext& ctx, const StridedPlan& p, int fast, Move move) {
    constexpr int64_t kEdge = strided::kEdgeBytes / sizeof(T);
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
    const int64_t bands = (rows + kEdge - 1) / kEdge, tiles = (columns + kEdge - 1) / kEdge;
    const int64_t planes = p.size / (rows * columns);
    Launch<Cpu>::each(ctx, planes * bands, std::min(rows, kEdge) * columns, [&, move](int64_t item) {
      const int64_t plane = item / bands, r0 = item % bands * kEdge, r1 = std::min(rows, r0 + kEdge);
      const int64_t view = p.offset + offset_of(plane, outer.ndim, outer.shape, outer.stride);
      const int64_t row = offset_of(plane, outer.ndim, outer.shape, row_stride);
      for (int64_t t = 0; t < tiles; ++t) {
        const int64_t c0 = t * kEdge, c1 = std::min(columns, c0 + kEdge);
        move.square(view + r0 + c0 * step, step, row + r0 * row_step + c0, row_step, r1 - r0, c1 - c0);
      }
    });
  }
};

}  // namespace paratrain
