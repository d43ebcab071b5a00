#include "colour.h"

#include <algorithm>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace paratrain::io::jpeg {

namespace {

constexpr int fixed(double x) { return static_cast<int>(x * 65536 + 0.5); }
constexpr int kHalf = 1 << 15;
constexpr int kRed = fixed(1.402), kBlue = fixed(1.772), kGreenCb = fixed(0.34414), kGreenCr = fixed(0.71414);

#ifdef __AVX2__

using V = __m256i;

V load16(const uint8_t* at) { return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))); }
V times3(V x) { return _mm256_add_epi16(x, _mm256_add_epi16(x, x)); }

// 16 numbers of 16 bits to bytes with those of `odd` between those of `even`.
template <int shift>
void store_alternating(V even, V odd, uint8_t* out) {
  const V bytes = _mm256_or_si256(_mm256_srli_epi16(even, shift), _mm256_slli_epi16(_mm256_srli_epi16(odd, shift), 8));
  _mm256_storeu_si256(reinterpret_cast<V*>(out), bytes);
}

// (x * factor + 2**15) >> 16 with a factor of 16 bits
V scaled(V x, int factor) {
  const V product = _mm256_mulhi_epi16(_mm256_add_epi16(x, x), _mm256_set1_epi16(static_cast<int16_t>(factor)));
  return _mm256_srai_epi16(_mm256_add_epi16(product, _mm256_set1_epi16(1)), 1);
}

V bytes_of(V a, V b) { return _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xd8); }

struct Rgb {
  V red, green, blue;
};

Rgb rgb16(const uint8_t* y_at, const uint8_t* cb_at, const uint8_t* cr_at) {
  const V middle = _mm256_set1_epi16(128);
  const V y = load16(y_at), cb = _mm256_sub_epi16(load16(cb_at), middle), cr = _mm256_sub_epi16(load16(cr_at), middle);
  const V red = _mm256_add_epi16(y, _mm256_add_epi16(cr, scaled(cr, kRed - 65536)));
  const V blue = _mm256_add_epi16(y, _mm256_add_epi16(_mm256_add_epi16(cb, cb), scaled(cb, kBlue - 131072)));
  // 0.71414 is taken as 1 - 0.28586, so that its factor has 16 bits
  const uint32_t factors = static_cast<uint32_t>(65536 - kGreenCr) << 16 | (static_cast<uint32_t>(-kGreenCb) & 0xffff);
  const V both = _mm256_set1_epi32(static_cast<int>(factors)), half = _mm256_set1_epi32(kHalf);
  const auto part = [&](V x) { return _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(x, both), half), 16); };
  const V sum = _mm256_packs_epi32(part(_mm256_unpacklo_epi16(cb, cr)), part(_mm256_unpackhi_epi16(cb, cr)));
  return {red, _mm256_add_epi16(y, _mm256_sub_epi16(sum, cr)), blue};
}

void store32(V low, V high, uint8_t* out) { _mm256_storeu_si256(reinterpret_cast<V*>(out), bytes_of(low, high)); }

#else

uint8_t limited(int x) { return static_cast<uint8_t>(std::clamp(x, 0, 255)); }

#endif

}  // namespace

void widen_doubled(const uint8_t* near, const uint8_t* far, int64_t count, uint8_t* out) {
#ifdef __AVX2__
  const auto column = [&](int64_t i) { return _mm256_add_epi16(times3(load16(near + i)), load16(far + i)); };
  for (int64_t i = 0; i < count; i += 16) {
    const V threefold = times3(column(i + 1));
    const V even = _mm256_add_epi16(_mm256_add_epi16(threefold, column(i)), _mm256_set1_epi16(8));
    const V odd = _mm256_add_epi16(_mm256_add_epi16(threefold, column(i + 2)), _mm256_set1_epi16(7));
    store_alternating<4>(even, odd, out + 2 * i);
  }
#else
  const auto column = [&](int64_t i) { return 3 * near[i] + far[i]; };
  for (int64_t i = 0; i < count; ++i) {
    out[2 * i] = static_cast<uint8_t>((3 * column(i + 1) + column(i) + 8) >> 4);
    out[2 * i + 1] = static_cast<uint8_t>((3 * column(i + 1) + column(i + 2) + 7) >> 4);
  }
#endif
}

void widen(const uint8_t* near, int64_t count, uint8_t* out) {
#ifdef __AVX2__
  for (int64_t i = 0; i < count; i += 16) {
    const V threefold = times3(load16(near + i + 1));
    const V even = _mm256_add_epi16(_mm256_add_epi16(threefold, load16(near + i)), _mm256_set1_epi16(1));
    const V odd = _mm256_add_epi16(_mm256_add_epi16(threefold, load16(near + i + 2)), _mm256_set1_epi16(2));
    store_alternating<2>(even, odd, out + 2 * i);
  }
#else
  for (int64_t i = 0; i < count; ++i) {
    out[2 * i] = static_cast<uint8_t>((3 * near[i + 1] + near[i] + 1) >> 2);
    out[2 * i + 1] = static_cast<uint8_t>((3 * near[i + 1] + near[i + 2] + 2) >> 2);
  }
#endif
}

void to_rgb(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, int64_t count, uint8_t* red, uint8_t* green,
            uint8_t* blue) {
#ifdef __AVX2__
  for (int64_t x = 0; x < count; x += 32) {
    const Rgb a = rgb16(y + x, cb + x, cr + x), b = rgb16(y + x + 16, cb + x + 16, cr + x + 16);
    store32(a.red, b.red, red + x);
    store32(a.green, b.green, green + x);
    store32(a.blue, b.blue, blue + x);
  }
#else
  for (int64_t x = 0; x < count; ++x) {
    const int b = cb[x] - 128, r = cr[x] - 128;
    red[x] = limited(y[x] + ((kRed * r + kHalf) >> 16));
    green[x] = limited(y[x] + ((-kGreenCb * b - kGreenCr * r + kHalf) >> 16));
    blue[x] = limited(y[x] + ((kBlue * b + kHalf) >> 16));
  }
#endif
}

void to_grey(const uint8_t* __restrict red, const uint8_t* __restrict green, const uint8_t* __restrict blue,
             int64_t count, uint8_t* __restrict out) {
  constexpr int kRedShare = fixed(0.299), kGreenShare = fixed(0.587), kBlueShare = fixed(0.114);
  for (int64_t x = 0; x < count; ++x) {
    out[x] = static_cast<uint8_t>((red[x] * kRedShare + green[x] * kGreenShare + blue[x] * kBlueShare + kHalf) >> 16);
  }
}

void interleave(const uint8_t* red, const uint8_t* green, const uint8_t* blue, int64_t count, uint8_t* out) {
  int64_t x = 0;
#ifdef __AVX2__
  const auto at = [](const uint8_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); };
  const char z = -1;
  const __m128i r0 = _mm_setr_epi8(0, z, z, 1, z, z, 2, z, z, 3, z, z, 4, z, z, 5);
  const __m128i g0 = _mm_setr_epi8(z, 0, z, z, 1, z, z, 2, z, z, 3, z, z, 4, z, z);
  const __m128i b0 = _mm_setr_epi8(z, z, 0, z, z, 1, z, z, 2, z, z, 3, z, z, 4, z);
  const __m128i r1 = _mm_setr_epi8(z, z, 6, z, z, 7, z, z, 8, z, z, 9, z, z, 10, z);
  const __m128i g1 = _mm_setr_epi8(5, z, z, 6, z, z, 7, z, z, 8, z, z, 9, z, z, 10);
  const __m128i b1 = _mm_setr_epi8(z, 5, z, z, 6, z, z, 7, z, z, 8, z, z, 9, z, z);
  const __m128i r2 = _mm_setr_epi8(z, 11, z, z, 12, z, z, 13, z, z, 14, z, z, 15, z, z);
  const __m128i g2 = _mm_setr_epi8(z, z, 11, z, z, 12, z, z, 13, z, z, 14, z, z, 15, z);
  const __m128i b2 = _mm_setr_epi8(10, z, z, 11, z, z, 12, z, z, 13, z, z, 14, z, z, 15);
  const auto join = [](__m128i r, __m128i rm, __m128i g, __m128i gm, __m128i b, __m128i bm) {
    return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(r, rm), _mm_shuffle_epi8(g, gm)), _mm_shuffle_epi8(b, bm));
  };
  for (; x + 16 <= count; x += 16) {
    const __m128i r = at(red + x), g = at(green + x), b = at(blue + x);
    __m128i* to = reinterpret_cast<__m128i*>(out + 3 * x);
    _mm_storeu_si128(to, join(r, r0, g, g0, b, b0));
    _mm_storeu_si128(to + 1, join(r, r1, g, g1, b, b1));
    _mm_storeu_si128(to + 2, join(r, r2, g, g2, b, b2));
  }
#endif
  for (; x < count; ++x) {
    out[3 * x] = red[x];
    out[3 * x + 1] = green[x];
    out[3 * x + 2] = blue[x];
  }
}

}  // namespace paratrain::io::jpeg
