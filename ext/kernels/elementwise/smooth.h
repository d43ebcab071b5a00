// exp, log, sigmoid and tanh of floats without branches or calls, so that loops over them vectorise.  Errors are one or
// two units in the last place; NaN, infinities and subnormals are as in the C library, which serves doubles and the
// GPU.
#pragma once
#include <cmath>
#include <limits>

#include "core/dtype.h"

// A call left in a loop would keep it from being vectorised.
#ifdef __CUDACC__
#define PT_INLINE PT_HD
#else
#define PT_INLINE inline __attribute__((always_inline))
#endif

namespace paratrain::smooth {

// exp(x) = 2^n exp(r), |r| <= ln(2) / 2; exp(r) by a polynomial.
struct Split {
  float r;
  int32_t n;
};
PT_INLINE Split split(float x) {
  // adding 1.5 * 2^23 rounds to a whole number, which then is in the last bits
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  return {(x - n * 0.693359375f) + n * 2.12194440e-4f,
          static_cast<int32_t>(detail::bits<uint32_t>(shifted)) - 0x4b400000};
}
PT_INLINE float exp_of_rest(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * r * r + r + 1.0f;
}
PT_INLINE float power_of_two(int32_t n) { return detail::bits<float>(static_cast<uint32_t>(n + 127) << 23); }

PT_INLINE float exp(float x) {
#ifdef __CUDA_ARCH__
  return ::expf(x);
#else
  // beyond these the result is zero or infinite; NaN passes
  const Split s = split(x < -104.0f ? -104.0f : (x > 89.0f ? 89.0f : x));
  const int32_t half = s.n >> 1;  // 2^n itself may be no float where the result is one
  return exp_of_rest(s.r) * power_of_two(half) * power_of_two(s.n - half);
#endif
}
PT_INLINE double exp(double x) { return std::exp(x); }

PT_INLINE float log(float x) {
#ifdef __CUDA_ARCH__
  return ::logf(x);
#else
  constexpr float kInfinity = std::numeric_limits<float>::infinity(), kNone = std::numeric_limits<float>::quiet_NaN();
  const bool tiny = x < 1.17549435e-38f;
  const uint32_t bits = detail::bits<uint32_t>(tiny ? x * 8388608.0f : x);
  // x = 2^e m with m from sqrt(1/2) to sqrt(2)
  const int32_t e = static_cast<int32_t>(bits - 0x3f3504f3u) >> 23;
  const float f = detail::bits<float>(bits - (static_cast<uint32_t>(e) << 23)) - 1.0f, square = f * f;
  const float n = static_cast<float>(e) - (tiny ? 23.0f : 0.0f);
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const float value = (f + (f * square * p - n * 2.12194440e-4f - 0.5f * square)) + n * 0.693359375f;
  const float edge = x == 0.0f ? -kInfinity : (x > 0.0f ? kInfinity : kNone);
  return x > 0.0f && x < kInfinity ? value : edge;
#endif
}
PT_INLINE double log(double x) { return std::log(x); }

// exp where it is neither zero nor infinite, for the two below.
PT_INLINE float bounded_exp(float x) {
  const Split s = split(x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x));
  return exp_of_rest(s.r) * power_of_two(s.n);
}

PT_INLINE float sigmoid(float x) { return 1.0f / (1.0f + bounded_exp(-x)); }
PT_INLINE double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

PT_INLINE float tanh(float x) {
  const float size = x < 0.0f ? -x : x, square = x * x;
  const float far = 1.0f - 2.0f / (1.0f + bounded_exp(2.0f * size));
  float p = -5.70498872745e-3f;
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  const float near = x + x * square * p;
  return size < 0.625f ? near : (x < 0.0f ? -far : far);
}
PT_INLINE double tanh(double x) { return std::tanh(x); }

}  // namespace paratrain::smooth

#undef PT_INLINE
