// Sigmoid and tanh without branches or calls, so that loops over them vectorise.  Errors are a few units in the last
// place; doubles go to the C library.
#pragma once
#include <cmath>

#include "core/dtype.h"

namespace paratrain::smooth {

// exp(x) = 2^n exp(r), |r| <= ln(2) / 2, exp(r) by a polynomial.
PT_HD float exp(float x) {
  x = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  // adding and subtracting 1.5 * 2^23 rounds to a whole number
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float power = detail::bits<float>((detail::bits<uint32_t>(shifted) << 23) + 0x3f800000u);
  return (p * r * r + r + 1.0f) * power;
}
PT_HD double exp(double x) { return std::exp(x); }

PT_HD float sigmoid(float x) { return 1.0f / (1.0f + exp(-x)); }
PT_HD double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

PT_HD float tanh(float x) {
  const float size = x < 0.0f ? -x : x, square = x * x;
  const float far = 1.0f - 2.0f / (1.0f + exp(2.0f * size));
  float p = -5.70498872745e-3f;
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  const float near = x + x * square * p;
  return size < 0.625f ? near : (x < 0.0f ? -far : far);
}
PT_HD double tanh(double x) { return std::tanh(x); }

}  // namespace paratrain::smooth
