// Tiles in AVX-512 registers.
#include <algorithm>

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
  // maskz: what GCC 12 makes of the plain intrinsics warns of its own uninitialized variable
  static __m256 fold(Vector v) {
    return _mm256_add_ps(_mm512_maskz_extractf32x8_ps(0xff, v, 0), _mm512_maskz_extractf32x8_ps(0xff, v, 1));
  }
};

#include "kernels/dense/tiles_impl.h"

const Tiles made{"avx512", Lanes::kRows, Lanes::kVectors * Lanes::kWidth, sums, dots};

}  // namespace

#pragma GCC pop_options

const Tiles* tiles_avx512() {
  const bool runs = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
  return runs ? &made : nullptr;
}

}  // namespace paratrain::dense

#else

namespace paratrain::dense {
const Tiles* tiles_avx512() { return nullptr; }
}  // namespace paratrain::dense

#endif
