// Tiles in AVX2 registers, and the choice between instruction sets.
#include <algorithm>

#include "kernels/dense/tiles.h"

#if defined(__x86_64__) && defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

namespace paratrain::dense {
namespace {

struct Lanes {
  using Vector = __m256;
  using Mask = __m256i;
  static constexpr int kWidth = 8, kRows = 6, kVectors = 2, kDotRows = 3;
  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector all(float x) { return _mm256_set1_ps(x); }
  static Vector load(const float* p) { return _mm256_loadu_ps(p); }
  static Vector load(const float* p, Mask m) { return _mm256_maskload_ps(p, m); }
  static void store(float* p, Vector v) { _mm256_storeu_ps(p, v); }
  static void store(float* p, Vector v, Mask m) { _mm256_maskstore_ps(p, m, v); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
  static Mask mask(int64_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  // The sums of the numbers of four registers.
  static __m128 totals(Vector a, Vector b, Vector c, Vector d) {
    const Vector four = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
    return _mm_add_ps(_mm256_castps256_ps128(four), _mm256_extractf128_ps(four, 1));
  }
};

#include "kernels/dense/tiles_impl.h"

const Tiles made{"avx2", Lanes::kRows, Lanes::kVectors * Lanes::kWidth, sums, dots};

}  // namespace

// What the whole package is compiled for, so it runs.
const Tiles* tiles_avx2() { return &made; }

}  // namespace paratrain::dense

#else

namespace paratrain::dense {
const Tiles* tiles_avx2() { return nullptr; }
}  // namespace paratrain::dense

#endif

namespace paratrain::dense {

const Tiles* tiles() {
  static const Tiles* const best = tiles_avx512() ? tiles_avx512() : tiles_avx2();
  return best;
}

}  // namespace paratrain::dense
