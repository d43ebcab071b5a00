#include "kernels/linalg/panels.h"

#include "kernels/avx512.h"

namespace paratrain::panels {

namespace {

// Two vectors a row and four rows: what sixteen registers hold.
namespace narrow {
#define PT_BYTES 32
#define PT_ROWS 4
#define PT_TARGET
#include "kernels/linalg/panels_loops.h"
#undef PT_BYTES
#undef PT_ROWS
#undef PT_TARGET
}  // namespace narrow

#ifdef __x86_64__
namespace wide {
#define PT_BYTES 64
#define PT_ROWS 8
#define PT_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,fma")))
#include "kernels/linalg/panels_loops.h"
#undef PT_BYTES
#undef PT_ROWS
#undef PT_TARGET
}  // namespace wide

#else
namespace wide = narrow;
#endif

}  // namespace

int64_t packed_size(int64_t k, int64_t n) { return has_avx512() ? wide::packed_size(k, n) : narrow::packed_size(k, n); }

void pack(const float* b, int64_t row, int64_t column, int64_t k, int64_t n, float* packed) {
  (has_avx512() ? wide::pack : narrow::pack)(b, row, column, k, n, packed);
}

void multiply(const float* a, int64_t a_row, const float* packed, int64_t m, int64_t k, int64_t n, float* c,
              int64_t c_row) {
  (has_avx512() ? wide::multiply : narrow::multiply)(a, a_row, packed, m, k, n, c, c_row);
}

}  // namespace paratrain::panels
