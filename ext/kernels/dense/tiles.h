// Small products of matrices, C = A B, computed in tiles that stay in registers, from arrays as they lie.
//
// Nothing is packed: for products that fit the caches, copying costs more than it saves.  tiles_impl.h is compiled for
// AVX2 and for AVX-512; which is used is decided when the program runs.  An element of C is summed in an order that
// follows from k and the instruction set alone.
#pragma once
#include <cstdint>

namespace paratrain::dense {

// C (m, n) = A (m, k) B (k, n) [+ bias (n)].  A is read at a[row * row_a + step * step_a], C written at c[row * n +
// column].
struct Product {
  int64_t m, n, k;
  const float* a;
  int64_t row_a, step_a;
  const float* b;
  int64_t row_b;  // from one row of B to the next; for `dots` B is the transpose: from one column to the next
  float* c;
  const float* bias = nullptr;  // `dots` only
};

// Rows [row, row_end) and columns [column, column_end) of C.
using Block = void (*)(const Product& p, int64_t row, int64_t row_end, int64_t column, int64_t column_end);

struct Tiles {
  const char* name;
  int64_t rows, columns;  // of a tile of `sums`
  // B row by row: rows of B times numbers of A are added up.
  Block sums;
  // A row by row (step_a is 1) and B column by column: each element of C is the dot product of two runs of memory.
  Block dots;
};
constexpr int64_t kDots = 4;  // rows and columns of a tile of `dots`

// The tiles for this processor, or null.
const Tiles* tiles();
// Those for one instruction set, or null where it was not compiled for or cannot run.
const Tiles* tiles_avx2();
const Tiles* tiles_avx512();

}  // namespace paratrain::dense
