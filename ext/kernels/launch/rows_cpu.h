// Loops over rows and columns on the CPU.
#pragma once
#include "kernels/launch/cpu.h"
#include "kernels/launch/rows.h"

namespace paratrain {

template <>
struct Rows<Cpu> {
  template <class F>
  static void each(const RunContext& ctx, int64_t n, int64_t work, F f) {
    Launch<Cpu>::each(ctx, n, work, f);
  }
  template <class F>
  static void pieces(const RunContext& ctx, int64_t n, int64_t width, F f) {
    if (width == 0) return;
    const int64_t parts = (width + kSerial - 1) / kSerial;
    Launch<Cpu>::each(ctx, n * parts, std::min(width, kSerial), [=](int64_t item) {
      const int64_t begin = item % parts * kSerial;
      f(item / parts, begin, std::min(width, begin + kSerial));
    });
  }
  // Blocks of columns as wide as a few cache lines: two threads never write to one line.
  template <class F>
  static void columns(const RunContext& ctx, int64_t outer, int64_t inner, int64_t work, F f) {
    constexpr int64_t kColumns = 64;
    const int64_t blocks = (inner + kColumns - 1) / kColumns;
    Launch<Cpu>::each(ctx, outer * blocks, std::min(inner, kColumns) * work, [=](int64_t item) {
      const int64_t begin = item % blocks * kColumns;
      f(item / blocks, begin, std::min(inner, begin + kColumns));
    });
  }
};

}  // namespace paratrain
