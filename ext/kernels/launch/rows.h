// Loops for kernels that work on rows and columns rather than on elements.
//
//   Rows<D>::each(ctx, n, work, f)                  f(i): n items that cost about `work` elements each
//   Rows<D>::pieces(ctx, n, width, f)               f(row, begin, end): every row, cut into pieces of columns
//   Rows<D>::columns(ctx, outer, inner, work, f)    f(o, begin, end): columns of each matrix, never one twice
//
// On the CPU (rows_cpu.h) an item is worth a thread and pieces are long; on the GPU a piece is one column.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

template <class Device>
struct Rows {
  template <class F>
  static void each(const RunContext& ctx, int64_t n, int64_t, F f) {
    Launch<Device>::map(ctx, n, f);
  }
  template <class F>
  static void pieces(const RunContext& ctx, int64_t n, int64_t width, F f) {
    Launch<Device>::map(ctx, n * width, [=] PT_LAMBDA(int64_t i) { f(i / width, i % width, i % width + 1); });
  }
  template <class F>
  static void columns(const RunContext& ctx, int64_t outer, int64_t inner, int64_t, F f) {
    Launch<Device>::map(ctx, outer * inner, [=] PT_LAMBDA(int64_t i) { f(i / inner, i % inner, i % inner + 1); });
  }
};

}  // namespace paratrain
