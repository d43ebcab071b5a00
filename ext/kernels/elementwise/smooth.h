// exp, log, sigmoid, tanh and relatives, of floats without branches or calls, so that loops over them vectorise. Errors
// are one or two units in the last place; NaN, infinities and subnormals are as in the C library, which serves doubles
// and the GPU.
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
PT_INLINE float rest_of_exp(float r) {  // exp(r) - 1
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * r * r + r;
}
PT_INLINE float exp_of_rest(float r) { return rest_of_exp(r) + 1.0f; }
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

// exp for x <= 0; what is no larger than the smallest normal number may be 0.
PT_INLINE float exp_nonpositive(float x) {
  const Split s = split(x < -88.0f ? -88.0f : x);
  return exp_of_rest(s.r) * power_of_two(s.n);  // at -88 the power is 0
}
PT_INLINE double exp_nonpositive(double x) { return std::exp(x); }

PT_INLINE float sigmoid(float x) { return 1.0f / (1.0f + bounded_exp(-x)); }
PT_INLINE double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// A quotient of polynomials in x^2, fitted to tanh(x) / x up to 9.01, where the result is 1.
PT_INLINE float tanh(float x) {
  const float bounded = x < -9.01f ? -9.01f : (x > 9.01f ? 9.01f : x), square = bounded * bounded;
  float p = 1.3336595e-08f, q = 7.7691780e-07f;
  p = p * square + 2.0596088e-05f;
  p = p * square + 3.4947996e-03f;
  p = p * square + 1.3380362e-01f;
  p = p * square + 1.0f;
  q = q * square + 3.2843446e-04f;
  q = q * square + 2.5873983e-02f;
  q = q * square + 4.6713677e-01f;
  q = q * square + 1.0f;
  const float y = bounded * p / q;
  return y < -1.0f ? -1.0f : (y > 1.0f ? 1.0f : y);
}
PT_INLINE double tanh(double x) { return std::tanh(x); }

PT_INLINE float expm1(float x) {
  const bool is_near = x > -0.34657359f && x < 0.34657359f;  // what rest_of_exp is made for
  const float far = exp(x) - 1.0f;
  return is_near ? rest_of_exp(x) : far;
}
PT_INLINE double expm1(double x) { return std::expm1(x); }

// log(w) for w = 1 + x as it was rounded, times what the rounding took from x.
PT_INLINE float log1p(float x) {
  const float w = 1.0f + x;
  const bool tiny = w == 1.0f, same = !(w <= 3.402823466e38f);  // infinite, or NaN
  return tiny || same ? x : log(w) * (x / (w - 1.0f));
}
PT_INLINE double log1p(double x) { return std::log1p(x); }

// log(1 + exp(x))
PT_INLINE float softrelu(float x) {
  const float size = x < 0.0f ? -x : x;
  return (x < 0.0f ? 0.0f : x) + log1p(bounded_exp(-size));
}
PT_INLINE double softrelu(double x) { return (x < 0.0 ? 0.0 : x) + std::log1p(std::exp(x < 0.0 ? x : -x)); }

// Polynomials fitted to erf(x) / x - 1 in x^2, and to log(1 - erf(x)); at 4 the result is 1.
PT_INLINE float erf(float x) {
  const float size = x < 0.0f ? -x : x, square = x * x;
  float p = 8.5132502e-05f;
  p = p * square - 8.1756781e-04f;
  p = p * square + 5.2038631e-03f;
  p = p * square - 2.6860511e-02f;
  p = p * square + 1.1283715e-01f;
  p = p * square - 3.7612635e-01f;
  p = p * square + 1.2837917e-01f;
  const float bounded = size > 4.0f ? 4.0f : size;
  float q = -2.0828619e-05f;
  q = q * bounded + 4.3139358e-04f;
  q = q * bounded - 4.1562550e-03f;
  q = q * bounded + 2.5080662e-02f;
  q = q * bounded - 1.0822038e-01f;
  q = q * bounded - 6.3340086e-01f;
  q = q * bounded - 1.1294884e+00f;
  q = q * bounded + 1.6920514e-04f;
  const float far = 1.0f - bounded_exp(q);
  return size < 0.9f ? x + x * p : (x < 0.0f ? -far : far);
}
PT_INLINE double erf(double x) { return std::erf(x); }

}  // namespace paratrain::smooth

#undef PT_INLINE
