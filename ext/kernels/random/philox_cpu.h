// Philox on the CPU: eight blocks at once where there is AVX2.
#pragma once
#include "kernels/families.h"
#include "kernels/random/philox.h"

#ifdef __AVX2__
#include <immintrin.h>

namespace paratrain::philox {

template <>
struct Several<Cpu> {
  static constexpr int kBlocks = 8;

  static void generate(const Stream& s, uint64_t first, uint32_t* words) {
    alignas(32) uint32_t counters[4][kBlocks];
    for (int l = 0; l < kBlocks; ++l) {
      const Words c = counter_of(s, first + static_cast<uint64_t>(l));
      for (int w = 0; w < 4; ++w) counters[w][l] = c.w[w];
    }
    __m256i c[4];
    for (int w = 0; w < 4; ++w) c[w] = _mm256_load_si256(reinterpret_cast<const __m256i*>(counters[w]));
    uint32_t key0 = static_cast<uint32_t>(s.seed), key1 = static_cast<uint32_t>(s.seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const Product p0 = product(c[0], 0xd2511f53u), p1 = product(c[2], 0xcd9e8d57u);
      c[0] = _mm256_xor_si256(_mm256_xor_si256(p1.high, c[1]), _mm256_set1_epi32(static_cast<int>(key0)));
      c[2] = _mm256_xor_si256(_mm256_xor_si256(p0.high, c[3]), _mm256_set1_epi32(static_cast<int>(key1)));
      c[1] = p1.low;
      c[3] = p0.low;
      key0 += 0x9e3779b9u;
      key1 += 0xbb67ae85u;
    }
    // From words by lane to lanes by word: 4 x 4 transposes in each half.
    const __m256i ab_low = _mm256_unpacklo_epi32(c[0], c[1]), ab_high = _mm256_unpackhi_epi32(c[0], c[1]);
    const __m256i cd_low = _mm256_unpacklo_epi32(c[2], c[3]), cd_high = _mm256_unpackhi_epi32(c[2], c[3]);
    const __m256i quads[4] = {_mm256_unpacklo_epi64(ab_low, cd_low), _mm256_unpackhi_epi64(ab_low, cd_low),
                              _mm256_unpacklo_epi64(ab_high, cd_high), _mm256_unpackhi_epi64(ab_high, cd_high)};
    for (int l = 0; l < 4; ++l) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(words + 4 * l), _mm256_castsi256_si128(quads[l]));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(words + 16 + 4 * l), _mm256_extracti128_si256(quads[l], 1));
    }
  }

 private:
  struct Product {
    __m256i low, high;
  };
  // 32 x 32 -> 64 bits in eight lanes
  static Product product(__m256i a, uint32_t factor) {
    const __m256i f = _mm256_set1_epi32(static_cast<int>(factor));
    const __m256i even = _mm256_mul_epu32(a, f), odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), f);
    return {_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa),
            _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa)};
  }
};

}  // namespace paratrain::philox
#endif
