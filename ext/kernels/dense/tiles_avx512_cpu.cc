// Tiles in AVX-512 registers.
#include <algorithm>

#include "kernels/avx512.h"
#include "kernels/dense/tiles.h"

#if defined(__x86_64__) && defined(__AVX2__)
#include <immintrin.h>

// Only for what follows: what the headers above define is shared with code for every processor.
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx2,fma")

namespace paratrain::dense {
namespace {

struct Lanes {
  using Vector = __m512;
  using Mask = __mmask16;
  static constexpr int kWidth = 16, kRows = 8, kVectors = 3, kDotRows = 4;
  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector all(float x) { return _mm512_set1_ps(x); }
  static Vector load(const float* p) { return _mm512_loadu_ps(p); }
  static Vector load(const float* p, Mask m) { return _mm512_maskz_loadu_ps(m, p); }
  static void store(float* p, Vector v) { _mm512_storeu_ps(p, v); }
  static void store(float* p, Vector v, Mask m) { _mm512_mask_storeu_ps(p, m, v); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
  static Mask mask(int64_t n) { return static_cast<Mask>((1u << n) - 1); }
  // The sums of the numbers of four registers.  maskz: what GCC 12 makes of the plain intrinsics warns of a variable of
  // its own that is not initialized.
  static __m128 totals(Vector a, Vector b, Vector c, Vector d) {
    const Vector ab = _mm512_add_ps(unpack_low(a, b), unpack_high(a, b)),
                 cd = _mm512_add_ps(unpack_low(c, d), unpack_high(c, d));
    const __m512d x = _mm512_castps_pd(ab), y = _mm512_castps_pd(cd);
    const Vector four = _mm512_add_ps(_mm512_castpd_ps(_mm512_maskz_unpacklo_pd(0xff, x, y)),
                                      _mm512_castpd_ps(_mm512_maskz_unpackhi_pd(0xff, x, y)));
    const __m256 half =
        _mm256_add_ps(_mm512_maskz_extractf32x8_ps(0xff, four, 0), _mm512_maskz_extractf32x8_ps(0xff, four, 1));
    return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  }
  static Vector unpack_low(Vector a, Vector b) { return _mm512_maskz_unpacklo_ps(0xffff, a, b); }
  static Vector unpack_high(Vector a, Vector b) { return _mm512_maskz_unpackhi_ps(0xffff, a, b); }
};

#include "kernels/dense/tiles_impl.h"

const Tiles made{"avx512", Lanes::kRows, Lanes::kVectors * Lanes::kWidth, sums, dots};

}  // namespace

#pragma GCC pop_options

const Tiles* tiles_avx512() { return has_avx512() ? &made : nullptr; }

}  // namespace paratrain::dense

#else

namespace paratrain::dense {
const Tiles* tiles_avx512() { return nullptr; }
}  // namespace paratrain::dense

#endif
