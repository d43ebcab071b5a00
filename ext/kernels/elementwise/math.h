// Scalar functions of the elementwise families: one functor each, for CPU and GPU.  T is the type computed in.
#pragma once
#include <cmath>
#include <type_traits>

#include "core/dtype.h"
#include "kernels/elementwise/smooth.h"

namespace paratrain::fn {

// Functions of real numbers are computed in float or double; integers take the detour over double.
template <class T>
using Real = std::conditional_t<std::is_floating_point_v<T>, T, double>;

// Derivative of the logarithm of the gamma function: reflected to positive arguments, moved up to 10 by the
// recurrence, there the asymptotic series.
template <class R>
PT_HD R digamma(R v) {
  double x = static_cast<double>(v), result = 0;
  if (x <= 0) {
    if (x == std::floor(x)) return static_cast<R>(NAN);
    result -= 3.141592653589793 / std::tan(3.141592653589793 * x);
    x = 1 - x;
  }
  for (; x < 10; x += 1) result -= 1 / x;
  const double r = 1 / (x * x);
  result += std::log(x) - 0.5 / x -
            r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * 691.0 / 32760)))));
  return static_cast<R>(result);
}

// Its derivative, by the same steps.
template <class R>
PT_HD R trigamma(R v) {
  double x = static_cast<double>(v), result = 0, sign = 1;
  if (x <= 0) {
    if (x == std::floor(x)) return static_cast<R>(NAN);
    const double s = 3.141592653589793 / std::sin(3.141592653589793 * x);
    result = s * s;
    sign = -1;
    x = 1 - x;
  }
  double rest = 0;
  for (; x < 10; x += 1) rest += 1 / (x * x);
  const double r = 1 / (x * x);
  rest += 1 / x + 0.5 * r + r / x * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * 5.0 / 66))));
  return static_cast<R>(result + sign * rest);
}

#define PT_UNARY(Name, expression)       \
  struct Name {                          \
    template <class T>                   \
    PT_HD static T apply(T x) {          \
      using R = Real<T>;                 \
      (void)sizeof(R);                   \
      return static_cast<T>(expression); \
    }                                    \
  };
#define PT_REAL(Name, expression)        \
  struct Name {                          \
    static constexpr bool kReal = true;  \
    template <class T>                   \
    PT_HD static T apply(T v) {          \
      using R = Real<T>;                 \
      const R x = static_cast<R>(v);     \
      return static_cast<T>(expression); \
    }                                    \
  };

PT_UNARY(Identity, x)
PT_UNARY(Negative, -x)
PT_UNARY(Abs, x < T(0) ? -x : x)
PT_UNARY(Sign, (x > T(0)) - (x < T(0)))
PT_UNARY(Square, x* x)
PT_UNARY(Relu, x > T(0) || x != x ? x : T(0))
PT_UNARY(LogicalNot, x == T(0))
PT_REAL(Round, std::round(x))
PT_REAL(Rint, x - std::floor(x) <= std::ceil(x) - x ? std::floor(x) : std::ceil(x))  // halves go down, as MXNet has it
PT_REAL(Ceil, std::ceil(x))
PT_REAL(Floor, std::floor(x))
PT_REAL(Trunc, std::trunc(x))
PT_REAL(Sqrt, std::sqrt(x))
PT_REAL(Rsqrt, R(1) / std::sqrt(x))
PT_REAL(Cbrt, std::cbrt(x))
PT_REAL(Rcbrt, R(1) / std::cbrt(x))
PT_REAL(Reciprocal, R(1) / x)
PT_REAL(Exp, smooth::exp(x))
PT_REAL(Expm1, smooth::expm1(x))
PT_REAL(Log, smooth::log(x))
PT_REAL(Log10, std::log10(x))
PT_REAL(Log2, std::log2(x))
PT_REAL(Log1p, smooth::log1p(x))
PT_REAL(Sin, std::sin(x))
PT_REAL(Cos, std::cos(x))
PT_REAL(Tan, std::tan(x))
PT_REAL(Arcsin, std::asin(x))
PT_REAL(Arccos, std::acos(x))
PT_REAL(Arctan, std::atan(x))
PT_REAL(Sinh, std::sinh(x))
PT_REAL(Cosh, std::cosh(x))
PT_REAL(Tanh, smooth::tanh(x))
PT_REAL(Arcsinh, std::asinh(x))
PT_REAL(Arccosh, std::acosh(x))
PT_REAL(Arctanh, std::atanh(x))
PT_REAL(Degrees, x* R(57.295779513082320877))
PT_REAL(Radians, x* R(0.017453292519943295769))
PT_REAL(Erf, smooth::erf(x))
PT_REAL(Gamma, std::tgamma(x))
PT_REAL(Gammaln, std::lgamma(x))
PT_REAL(Digamma, digamma(x))
PT_REAL(Sigmoid, smooth::sigmoid(x))
PT_REAL(Softsign, x / (R(1) + (x < R(0) ? -x : x)))
PT_REAL(Softrelu, smooth::softrelu(x))
PT_REAL(IsNan, x != x)
PT_REAL(IsInf, x == x && x - x != R(0))
PT_REAL(IsFinite, x - x == R(0))

#define PT_BINARY(Name, expression)      \
  struct Name {                          \
    template <class T>                   \
    PT_HD static T apply(T a, T b) {     \
      using R = Real<T>;                 \
      (void)sizeof(R);                   \
      return static_cast<T>(expression); \
    }                                    \
  };

// The remainder has the sign of the divisor, as in Python; a zero divisor gives zero (NaN for reals, as MXNet has it).
template <class T>
PT_HD T modulo(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (b == T(0)) return T(0);
    const T r = std::fmod(a, b);
    return r != T(0) && (r < T(0)) != (b < T(0)) ? r + b : r;
  } else if constexpr (std::is_same_v<T, bool>) {
    return false;
  } else {
    if (b == T(0) || (b == T(-1) && std::is_signed_v<T>)) return T(0);
    const T r = static_cast<T>(a % b);
    return static_cast<T>(r != T(0) && (r < T(0)) != (b < T(0)) ? r + b : r);
  }
}

template <class T>
PT_HD T divide(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a / b;
  } else {
    // integer division by zero would end the process; 0 as NumPy gives
    if (b == T(0)) return T(0);
    return static_cast<T>(static_cast<double>(a) / static_cast<double>(b));
  }
}

PT_BINARY(Add, a + b)
PT_BINARY(Sub, a - b)
PT_BINARY(Mul, a* b)
PT_BINARY(Div, divide(a, b))
PT_BINARY(Mod, modulo(a, b))
PT_BINARY(Power, std::pow(static_cast<R>(a), static_cast<R>(b)))
PT_BINARY(Maximum, a != a || a > b ? a : b)
PT_BINARY(Minimum, a != a || a < b ? a : b)
PT_BINARY(Hypot, std::hypot(static_cast<R>(a), static_cast<R>(b)))
PT_BINARY(Equal, a == b)
PT_BINARY(NotEqual, a != b)
PT_BINARY(Greater, a > b)
PT_BINARY(GreaterEqual, a >= b)
PT_BINARY(Lesser, a < b)
PT_BINARY(LesserEqual, a <= b)
PT_BINARY(LogicalAnd, a != T(0) && b != T(0))
PT_BINARY(LogicalOr, a != T(0) || b != T(0))
PT_BINARY(LogicalXor, (a != T(0)) != (b != T(0)))

// Gradients that the graph would otherwise need several passes for.
PT_BINARY(ReluGrad, b > T(0) ? a : T(0))                             // (dY, Y)
PT_BINARY(SigmoidGrad, a * b * (T(1) - b))                           // (dY, Y)
PT_BINARY(TanhGrad, a*(T(1) - b * b))                                // (dY, Y)
PT_BINARY(SoftreluGrad, a*(T(1) - smooth::exp(-static_cast<R>(b))))  // (dY, Y)
PT_BINARY(DigammaGrad, a* trigamma(static_cast<R>(b)))               // (dY, X)

// (dY, Y) of y = x / (1 + |x|)
struct SoftsignGrad {
  template <class T>
  PT_HD static T apply(T a, T b) {
    const T rest = T(1) - (b < T(0) ? -b : b);
    return a * rest * rest;
  }
};

#undef PT_UNARY
#undef PT_REAL
#undef PT_BINARY

}  // namespace paratrain::fn
