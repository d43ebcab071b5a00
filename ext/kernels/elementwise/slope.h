// Activation functions with a parameter, for CPU and GPU.
#pragma once
#include "kernels/elementwise/smooth.h"

namespace paratrain::fn {

// Functions of x with a parameter a (the slope), and their derivatives.  C is float or double.
struct Leaky {
  template <class C>
  PT_HD static C value(C x, C a) {
    return x > C(0) ? x : a * x;
  }
  template <class C>
  PT_HD static C derivative(C x, C, C a) {
    return x > C(0) ? C(1) : a;
  }
};
struct Elu {
  template <class C>
  PT_HD static C value(C x, C a) {
    return x > C(0) ? x : a * smooth::expm1(x);
  }
  template <class C>
  PT_HD static C derivative(C x, C y, C a) {
    return x > C(0) ? C(1) : a + y;
  }
};
struct Selu {
  template <class C>
  PT_HD static C value(C x, C) {
    return C(1.0507009873554805) * (x > C(0) ? x : C(1.6732632423543772) * smooth::expm1(x));
  }
  template <class C>
  PT_HD static C derivative(C x, C y, C) {
    return x > C(0) ? C(1.0507009873554805) : y + C(1.0507009873554805 * 1.6732632423543772);
  }
};
struct Gelu {
  template <class C>
  PT_HD static C value(C x, C) {
    return C(0.5) * x * (C(1) + smooth::erf(x * C(0.70710678118654752)));
  }
  template <class C>
  PT_HD static C derivative(C x, C, C) {
    const C cdf = C(0.5) * (C(1) + smooth::erf(x * C(0.70710678118654752)));
    return cdf + x * C(0.39894228040143268) * smooth::exp(C(-0.5) * x * x);
  }
};

}  // namespace paratrain::fn
