// Arrays of any element type, read and written as double: for kernels whose arithmetic outweighs the conversion, so
// that one instantiation serves all types.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

struct RealArray {
  const void* data;
  DType type;
  PT_HD double operator[](int64_t i) const {
    switch (type) {
      case DType::float32: return static_cast<const float*>(data)[i];
      case DType::float64: return static_cast<const double*>(data)[i];
      case DType::float16: return static_cast<float>(static_cast<const Half*>(data)[i]);
      case DType::bfloat16: return static_cast<float>(static_cast<const BFloat16*>(data)[i]);
      case DType::int64: return static_cast<double>(static_cast<const int64_t*>(data)[i]);
      case DType::int32: return static_cast<const int32_t*>(data)[i];
      case DType::int8: return static_cast<const int8_t*>(data)[i];
      default: return static_cast<const uint8_t*>(data)[i];
    }
  }
};

// Only floating point types: a definition's dtype rule has to see to that.
PT_HD void store_real(void* y, DType type, int64_t i, double value) {
  switch (type) {
    case DType::float64: static_cast<double*>(y)[i] = value; break;
    case DType::float16: static_cast<Half*>(y)[i] = Half(static_cast<float>(value)); break;
    case DType::bfloat16: static_cast<BFloat16*>(y)[i] = BFloat16(static_cast<float>(value)); break;
    default: static_cast<float*>(y)[i] = static_cast<float>(value);
  }
}

// The number that store_real makes of a value.
PT_HD double rounded_to(DType type, double value) {
  switch (type) {
    case DType::float64: return value;
    case DType::float16: return static_cast<float>(Half(static_cast<float>(value)));
    case DType::bfloat16: return static_cast<float>(BFloat16(static_cast<float>(value)));
    default: return static_cast<float>(value);
  }
}

}  // namespace paratrain
