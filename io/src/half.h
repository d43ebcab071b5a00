// float32 to float16.
#pragma once

#include <cstdint>
#include <cstring>

#ifdef __F16C__
#include <immintrin.h>
#endif

namespace paratrain::io {

// Rounds to the nearest half, ties to even.
inline uint16_t half_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const uint32_t sign = bits >> 16 & 0x8000, size = bits & 0x7fffffff;
  if (size > 0x7f800000) return static_cast<uint16_t>(sign | 0x7e00);   // not a number
  if (size >= 0x477ff000) return static_cast<uint16_t>(sign | 0x7c00);  // too large
  if (size < 0x38800000) {                                              // subnormal: a multiple of 2**-24
    float magnitude, shifted = 0.5f;
    std::memcpy(&magnitude, &size, sizeof magnitude);
    shifted += magnitude;  // whose last bit is 2**-24
    std::memcpy(&bits, &shifted, sizeof bits);
    return static_cast<uint16_t>(sign | (bits - 0x3f000000));
  }
  return static_cast<uint16_t>(sign | (size - 0x38000000 + 0xfff + (size >> 13 & 1)) >> 13);
}

inline void to_half(const float* from, int64_t count, uint16_t* out) {
  int64_t x = 0;
#ifdef __F16C__
  for (; x + 8 <= count; x += 8) {
    const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(from + x), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), halves);
  }
#endif
  for (; x < count; ++x) out[x] = half_of(from[x]);
}

}  // namespace paratrain::io
