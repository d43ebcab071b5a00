// Products of matrices on the CPU: B packed into panels, C computed in tiles that stay in registers.
// Every element of C is summed over k in order, so neither tiles nor threads show in the result.
#pragma once
#include <cstring>

#include "kernels/launch/rows_cpu.h"
#include "kernels/linalg/gemm.h"

namespace paratrain {

template <class T>
struct GemmLoop<Cpu, T> {
  using A = Compute<T>;
  static constexpr int64_t kRows = 6;                      // of a tile
  static constexpr int64_t kColumns = 64 / sizeof(A);      // of a tile: two AVX registers
  static constexpr int64_t kBand = 8 * kRows;              // rows that one thread takes
  static constexpr int64_t kMacsPerElement = 16;           // as quick as one element of a plain loop
  static constexpr bool kConvert = !std::is_same_v<T, A>;  // half precision is multiplied as float

  static int64_t panels(const GemmPlan& p) { return (p.n + kColumns - 1) / kColumns; }
  static int64_t packed_b(const GemmPlan& p) { return p.batch * panels(p) * p.k * kColumns; }
  static size_t workspace_bytes(const GemmPlan& p) {
    return static_cast<size_t>(packed_b(p) + (kConvert ? p.batch * p.m * p.k : 0)) * sizeof(A);
  }

  static void run(const RunContext& ctx, const GemmPlan& p, const T* a, const T* b, T* c) {
    A* packed = reinterpret_cast<A*>(ctx.workspace);
    pack(ctx, p, b, packed);
    if constexpr (kConvert) {
      A* wide = packed + packed_b(p);
      Launch<Cpu>::map(ctx, p.batch * p.m * p.k, [=](int64_t i) { wide[i] = static_cast<A>(a[i]); });
      multiply(ctx, p, wide, packed, c);
    } else {
      multiply(ctx, p, a, packed, c);
    }
  }

 private:
  // packed[matrix][panel][k][kColumns], filled up with zeros
  static void pack(const RunContext& ctx, const GemmPlan& p, const T* b, A* packed) {
    const int64_t count = panels(p), step = p.transpose_b ? 1 : p.n, column = p.transpose_b ? p.k : 1;
    Launch<Cpu>::each(ctx, p.batch * count, p.k * kColumns / 4, [=](int64_t item) {
      const int64_t first = item % count * kColumns, width = std::min(kColumns, p.n - first);
      const T* from = b + item / count * p.k * p.n + first * column;
      A* to = packed + item * p.k * kColumns;
      for (int64_t k = 0; k < p.k; ++k) {
        for (int64_t j = 0; j < width; ++j) to[k * kColumns + j] = static_cast<A>(from[k * step + j * column]);
        for (int64_t j = width; j < kColumns; ++j) to[k * kColumns + j] = A(0);
      }
    });
  }

  static void multiply(const RunContext& ctx, const GemmPlan& p, const A* a, const A* packed, T* c) {
    const int64_t count = panels(p), bands = (p.m + kBand - 1) / kBand;
    const int64_t work = std::min(p.m, kBand) * std::min(p.n, kColumns) * p.k / kMacsPerElement;
    Launch<Cpu>::each(ctx, p.batch * bands * count, work, [=](int64_t item) {
      const int64_t panel = item % count, band = item / count % bands, matrix = item / count / bands;
      const A* b = packed + (matrix * count + panel) * p.k * kColumns;
      const int64_t end = std::min(p.m, (band + 1) * kBand);
      for (int64_t row = band * kBand; row < end; row += kRows) {
        tile(p, std::min(kRows, end - row), a + matrix * p.m * p.k, b, row, panel * kColumns, c + matrix * p.m * p.n);
      }
    });
  }

  static void tile(const GemmPlan& p, int64_t rows, const A* a, const A* b, int64_t row, int64_t column, T* c) {
    switch (rows) {
      case 1: return tile_of<1>(p, a, b, row, column, c);
      case 2: return tile_of<2>(p, a, b, row, column, c);
      case 3: return tile_of<3>(p, a, b, row, column, c);
      case 4: return tile_of<4>(p, a, b, row, column, c);
      case 5: return tile_of<5>(p, a, b, row, column, c);
      default: return tile_of<6>(p, a, b, row, column, c);
    }
  }

  // One AVX register; the compiler makes smaller ones of it where there is none so wide.
  typedef A Vector __attribute__((vector_size(32)));
  static constexpr int kVectors = static_cast<int>(kColumns * sizeof(A) / sizeof(Vector));

  template <int R>
  static void tile_of(const GemmPlan& p, const A* a, const A* b, int64_t row, int64_t column, T* c) {
    const int64_t row_a = p.transpose_a ? 1 : p.k, step_a = p.transpose_a ? p.m : 1;
    a += row * row_a;
    Vector sum[R][kVectors] = {};
    for (int64_t k = 0; k < p.k; ++k) {
      Vector line[kVectors];
      std::memcpy(line, b + k * kColumns, sizeof(line));
      for (int r = 0; r < R; ++r) {
        const A x = a[r * row_a + k * step_a];
        for (int v = 0; v < kVectors; ++v) sum[r][v] += x * line[v];
      }
    }
    const int64_t width = std::min(kColumns, p.n - column);
    const A alpha = static_cast<A>(p.alpha);
    for (int r = 0; r < R; ++r) {
      A values[kColumns];
      std::memcpy(values, sum[r], sizeof(values));
      for (int64_t j = 0; j < width; ++j) c[(row + r) * p.n + column + j] = static_cast<T>(alpha * values[j]);
    }
  }
};

}  // namespace paratrain
