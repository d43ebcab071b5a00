// The algorithm: C. Loeffler, A. Ligtenberg, G. Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications",
// ICASSP 1989. Columns first, with two bits more than whole numbers kept between the passes, then rows. The constants
// have 13 bits; products are summed up in 32 bits and rounded once in each pass.
#include "idct.h"

#include <algorithm>
#include <cstring>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace paratrain::io::jpeg {

namespace {

constexpr int kBits = 13;      // of the constants
constexpr int kExtraBits = 2;  // kept after the first pass
constexpr int kFirstShift = kBits - kExtraBits;
constexpr int kSecondShift = kBits + kExtraBits + 3;

// Constants of the paper times 2**13, named by their first digits.
constexpr int k0298 = 2446, k0390 = 3196, k0541 = 4433, k0765 = 6270, k0899 = 7373, k1175 = 9633;
constexpr int k1501 = 12299, k1847 = 15137, k1961 = 16069, k2053 = 16819, k2562 = 20995, k3072 = 25172;

#ifdef __AVX2__

using V = __m256i;

// Sums of products of 16-bit numbers, for the lower and the upper half of each lane.
struct Wide {
  V low, high;
};

V pair_of(int a, int b) {
  return _mm256_set1_epi32(static_cast<int>(static_cast<uint32_t>(b) << 16 | (static_cast<uint32_t>(a) & 0xffff)));
}

// a * x + b * y of the interleaved x and y
Wide rotate(V low, V high, V factors) { return {_mm256_madd_epi16(low, factors), _mm256_madd_epi16(high, factors)}; }
Wide operator+(Wide a, Wide b) { return {_mm256_add_epi32(a.low, b.low), _mm256_add_epi32(a.high, b.high)}; }
Wide operator-(Wide a, Wide b) { return {_mm256_sub_epi32(a.low, b.low), _mm256_sub_epi32(a.high, b.high)}; }

// x << 13
Wide scaled(V x) {
  const V zero = _mm256_setzero_si256();
  return {_mm256_srai_epi32(_mm256_unpacklo_epi16(zero, x), 16 - kBits),
          _mm256_srai_epi32(_mm256_unpackhi_epi16(zero, x), 16 - kBits)};
}

template <int shift>
V rounded(Wide x) {
  const V half = _mm256_set1_epi32(1 << (shift - 1));
  return _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(x.low, half), shift),
                            _mm256_srai_epi32(_mm256_add_epi32(x.high, half), shift));
}

// One pass over v[0] ... v[7], element by element.
template <int shift>
inline __attribute__((always_inline)) void pass(V* v) {
  const auto low = [](V a, V b) { return _mm256_unpacklo_epi16(a, b); };
  const auto high = [](V a, V b) { return _mm256_unpackhi_epi16(a, b); };

  const V low26 = low(v[2], v[6]), high26 = high(v[2], v[6]);
  const Wide e3 = rotate(low26, high26, pair_of(k0541 + k0765, k0541));
  const Wide e2 = rotate(low26, high26, pair_of(k0541, k0541 - k1847));
  const Wide e0 = scaled(_mm256_add_epi16(v[0], v[4])), e1 = scaled(_mm256_sub_epi16(v[0], v[4]));
  const Wide even[4] = {e0 + e3, e1 + e2, e1 - e2, e0 - e3};

  const V s3 = _mm256_add_epi16(v[7], v[3]), s4 = _mm256_add_epi16(v[5], v[1]);
  const V lows = low(s3, s4), highs = high(s3, s4);
  const Wide z3 = rotate(lows, highs, pair_of(k1175 - k1961, k1175));
  const Wide z4 = rotate(lows, highs, pair_of(k1175, k1175 - k0390));
  const V low71 = low(v[7], v[1]), high71 = high(v[7], v[1]);
  const V low53 = low(v[5], v[3]), high53 = high(v[5], v[3]);
  const Wide odd[4] = {rotate(low71, high71, pair_of(-k0899, k1501 - k0899)) + z4,
                       rotate(low53, high53, pair_of(-k2562, k3072 - k2562)) + z3,
                       rotate(low53, high53, pair_of(k2053 - k2562, -k2562)) + z4,
                       rotate(low71, high71, pair_of(k0298 - k0899, -k0899)) + z3};
  for (int i = 0; i < 4; ++i) {
    v[i] = rounded<shift>(even[i] + odd[i]);
    v[7 - i] = rounded<shift>(even[i] - odd[i]);
  }
}

// Exchanges rows and columns in each lane.
inline __attribute__((always_inline)) void transpose(V* v) {
  V a[8], b[8];
  for (int i = 0; i < 4; ++i) {
    a[2 * i] = _mm256_unpacklo_epi16(v[2 * i], v[2 * i + 1]);
    a[2 * i + 1] = _mm256_unpackhi_epi16(v[2 * i], v[2 * i + 1]);
  }
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      b[4 * i + 2 * j] = _mm256_unpacklo_epi32(a[4 * i + j], a[4 * i + 2 + j]);
      b[4 * i + 2 * j + 1] = _mm256_unpackhi_epi32(a[4 * i + j], a[4 * i + 2 + j]);
    }
  }
  for (int i = 0; i < 4; ++i) {
    v[2 * i] = _mm256_unpacklo_epi64(b[i], b[4 + i]);
    v[2 * i + 1] = _mm256_unpackhi_epi64(b[i], b[4 + i]);
  }
}

void store(__m128i rows, uint8_t* out, int64_t stride) {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), rows);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out + stride), _mm_unpackhi_epi64(rows, rows));
}

#else

int16_t limited(int32_t x) { return static_cast<int16_t>(std::clamp(x, -32768, 32767)); }

// One pass over 8 numbers that are `step` apart; sums of inputs have 16 bits, as in vectors of them.
template <int shift>
void pass(int16_t* v, int step) {
  int32_t x[8];
  for (int i = 0; i < 8; ++i) x[i] = v[i * step];
  const auto sum = [](int32_t a, int32_t b) { return static_cast<int32_t>(static_cast<int16_t>(a + b)); };
  const int32_t e3 = x[2] * (k0541 + k0765) + x[6] * k0541, e2 = x[2] * k0541 + x[6] * (k0541 - k1847);
  const int32_t e0 = sum(x[0], x[4]) * (1 << kBits), e1 = sum(x[0], -x[4]) * (1 << kBits);
  const uint32_t even[4] = {uint32_t(e0) + uint32_t(e3), uint32_t(e1) + uint32_t(e2), uint32_t(e1) - uint32_t(e2),
                            uint32_t(e0) - uint32_t(e3)};
  const int32_t s3 = sum(x[7], x[3]), s4 = sum(x[5], x[1]);
  const uint32_t z3 = uint32_t(s3 * (k1175 - k1961) + s4 * k1175), z4 = uint32_t(s3 * k1175 + s4 * (k1175 - k0390));
  const uint32_t odd[4] = {
      uint32_t(x[7] * -k0899 + x[1] * (k1501 - k0899)) + z4, uint32_t(x[5] * -k2562 + x[3] * (k3072 - k2562)) + z3,
      uint32_t(x[5] * (k2053 - k2562) + x[3] * -k2562) + z4, uint32_t(x[7] * (k0298 - k0899) + x[1] * -k0899) + z3};
  const auto rounded = [](uint32_t y) { return limited(static_cast<int32_t>(y + (1u << (shift - 1))) >> shift); };
  for (int i = 0; i < 4; ++i) {
    v[i * step] = rounded(even[i] + odd[i]);
    v[(7 - i) * step] = rounded(even[i] - odd[i]);
  }
}

void idct_block(const int16_t* block, const int16_t* factors, uint8_t* out, int64_t stride) {
  int16_t v[64];
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) v[y * 8 + x] = static_cast<int16_t>(block[y * 16 + x] * factors[y * 16 + x]);
  }
  for (int x = 0; x < 8; ++x) pass<kFirstShift>(v + x, 8);
  for (int y = 0; y < 8; ++y) {
    pass<kSecondShift>(v + y * 8, 1);
    for (int x = 0; x < 8; ++x) out[y * stride + x] = static_cast<uint8_t>(std::clamp(v[y * 8 + x] + 128, 0, 255));
  }
}

#endif

}  // namespace

void idct_pair(int16_t* pair, const PairFactors& factors, uint8_t* first, int64_t first_stride, uint8_t* second,
               int64_t second_stride) {
#ifdef __AVX2__
  V v[8];
  for (int i = 0; i < 8; ++i) {
    V* row = reinterpret_cast<V*>(pair + i * 16);
    v[i] = _mm256_mullo_epi16(_mm256_loadu_si256(row),
                              _mm256_loadu_si256(reinterpret_cast<const V*>(factors.data() + i * 16)));
    _mm256_storeu_si256(row, _mm256_setzero_si256());
  }
  pass<kFirstShift>(v);
  transpose(v);
  pass<kSecondShift>(v);
  transpose(v);
  const V middle = _mm256_set1_epi8(-128);
  for (int i = 0; i < 8; i += 2) {
    const V rows = _mm256_xor_si256(_mm256_packs_epi16(v[i], v[i + 1]), middle);
    store(_mm256_castsi256_si128(rows), first + i * first_stride, first_stride);
    store(_mm256_extracti128_si256(rows, 1), second + i * second_stride, second_stride);
  }
#else
  idct_block(pair, factors.data(), first, first_stride);
  idct_block(pair + 8, factors.data() + 8, second, second_stride);
  std::fill(pair, pair + 128, int16_t{0});
#endif
}

void idct_flat(int16_t dc, int16_t factor, uint8_t* out, int64_t stride) {
  const int32_t value = static_cast<int16_t>(dc * factor);
  const int32_t first = std::clamp(value * (1 << kExtraBits), -32768, 32767);
  const int32_t sample = std::clamp(((first + (1 << (kExtraBits + 2))) >> (kExtraBits + 3)) + 128, 0, 255);
  for (int y = 0; y < 8; ++y) std::memset(out + y * stride, sample, 8);
}

}  // namespace paratrain::io::jpeg
