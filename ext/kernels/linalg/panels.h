// Products of small matrices of floats, all by the calling thread: for loops over time, where a thread keeps to its own
// rows of a batch.  B is packed once into panels of a few columns and then multiplied by many small A.
//
// Every element of a product is summed over k in order: it depends neither on the other rows nor on how many there are.
#pragma once
#include <cstdint>

namespace paratrain::panels {

// Floats that B (k, n) takes when it is packed.
int64_t packed_size(int64_t k, int64_t n);

// Packs B (k, n), whose element (i, j) is b[i * row + j * column].
void pack(const float* b, int64_t row, int64_t column, int64_t k, int64_t n, float* packed);

// C (m, n) = A (m, k) B; rows of A begin `a_row` elements apart, rows of C `c_row`.
void multiply(const float* a, int64_t a_row, const float* packed, int64_t m, int64_t k, int64_t n, float* c,
              int64_t c_row);

}  // namespace paratrain::panels
