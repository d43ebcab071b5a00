// Products of matrices by cuBLAS, on row-major arrays.
#pragma once
#include "core/kernel.h"

namespace paratrain::cublas {

// C[b] = alpha op(A[b]) op(B[b]) + beta C[b]; op(A) is (m, k), op(B) is (k, n), C is (m, n), all row by row.
struct Product {
  DType type = DType::float32;
  bool transpose_a = false, transpose_b = false;
  int64_t batch = 1, m = 0, n = 0, k = 0;
  double alpha = 1, beta = 0;

  // Whether cuBLAS computes it: a type it has, sizes that fit into an int and are not zero.
  bool supported() const;
  void run(const RunContext& ctx, const void* a, const void* b, void* c) const;
};

}  // namespace paratrain::cublas
