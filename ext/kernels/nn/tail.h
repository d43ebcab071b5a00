// What follows a convolution or a dense layer in the same kernel.
#pragma once
#include <cmath>

#include "core/kernel.h"

namespace paratrain {

enum class Act { none, relu, clip, tanh, sigmoid };

// act(v), perhaps after an addend of the result's shape.  Attributes act, a_min, a_max, has_addend; without them
// nothing.
struct Tail {
  explicit Tail(const Attrs& attrs);
  Act act = Act::none;
  double low = 0, high = 0;  // of clip
  bool has_addend = false;

  template <class C>
  PT_HD C operator()(C v) const {
    switch (act) {
      case Act::relu: return v > C(0) || v != v ? v : C(0);
      case Act::clip: return v < static_cast<C>(low) ? static_cast<C>(low) : (v > high ? static_cast<C>(high) : v);
      case Act::tanh: return std::tanh(v);
      case Act::sigmoid: return C(1) / (C(1) + std::exp(-v));
      default: return v;
    }
  }
};

}  // namespace paratrain
