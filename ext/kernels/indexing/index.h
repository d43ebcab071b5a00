// Reading positions from an array of any type, and what becomes of those outside the array.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

// An array of positions of any element type, read as int64 (fractions are cut off).
struct IndexArray {
  const void* data;
  DType type;
  PT_HD int64_t operator[](int64_t i) const {
    switch (type) {
      case DType::float32: return from_real(static_cast<const float*>(data)[i]);
      case DType::float64: return from_real(static_cast<const double*>(data)[i]);
      case DType::float16: return from_real(static_cast<float>(static_cast<const Half*>(data)[i]));
      case DType::bfloat16: return from_real(static_cast<float>(static_cast<const BFloat16*>(data)[i]));
      case DType::int64: return static_cast<const int64_t*>(data)[i];
      case DType::int32: return static_cast<const int32_t*>(data)[i];
      case DType::int8: return static_cast<const int8_t*>(data)[i];
      default: return static_cast<const uint8_t*>(data)[i];
    }
  }
  // NaN and numbers beyond int64 become positions that are outside of every array.
  template <class R>
  PT_HD static int64_t from_real(R v) {
    if (!(v > R(-9.2e18))) return INT64_MIN;
    return v < R(9.2e18) ? static_cast<int64_t>(v) : INT64_MAX;
  }
};

enum class Outside : int { clip, wrap, raise };

Outside outside_of(const std::string& mode);

// A position inside [0, n), n > 0.
PT_HD int64_t inside(int64_t at, int64_t n, Outside mode) {
  if (mode == Outside::wrap) {
    const int64_t r = at % n;
    return r < 0 ? r + n : r;
  }
  return at < 0 ? 0 : (at >= n ? n - 1 : at);
}

// Throws out_of_range unless all positions are in [low, high).  Only for memory the host can read.
void check_positions(const IndexArray& index, int64_t count, int64_t low, int64_t high);

// Mode raise needs the host to look at the positions first; kernels for a GPU are not made for it.
template <class Device>
void refuse_raise(Outside mode) {
  if (mode == Outside::raise && !std::is_same_v<Device, Cpu>) {
    throw std::invalid_argument("mode='raise' works on the CPU only; use mode='clip' or mode='wrap' on a GPU");
  }
}

}  // namespace paratrain
