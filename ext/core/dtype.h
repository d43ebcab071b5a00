// Element types, half-precision storage types, and dispatch from a run-time type to a C++ type.
#pragma once
#include <cstdint>
#include <cstring>
#ifndef __CUDACC_RTC__  // chains compile this file at run time, for the GPU only
#include <stdexcept>
#include <string>
#endif

// PT_HD: a function for host and device; PT_LAMBDA: a lambda that a launcher runs, where nvcc compiles on the GPU only
// (nvcc's lambdas for both sides hide behind a pointer to memory of their own).
#ifdef __CUDACC__
#define PT_HD __host__ __device__ inline
#define PT_LAMBDA __device__
#else
#define PT_HD inline
#define PT_LAMBDA
#endif

namespace paratrain {

// Values are the type flags of MXNet's files.
enum class DType : int {
  float32 = 0,
  float64 = 1,
  float16 = 2,
  uint8 = 3,
  int32 = 4,
  int8 = 5,
  int64 = 6,
  bool_ = 7,
  bfloat16 = 12,
};

namespace detail {
template <class To, class From>
PT_HD To bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  memcpy(&to, &from, sizeof(to));
  return to;
}

// IEEE binary16 from float: round to nearest even, with subnormals, infinities and NaN.
PT_HD uint16_t half_bits(float value) {
  const uint32_t f = bits<uint32_t>(value);
  const uint32_t sign = (f >> 16) & 0x8000u;
  const uint32_t rest = f & 0x7fffffffu;
  if (rest > 0x7f800000u) return static_cast<uint16_t>(sign | 0x7e00u);
  if (rest >= 0x47800000u) return static_cast<uint16_t>(sign | 0x7c00u);  // too large (or infinite)
  if (rest < 0x38800000u) {
    // Adding 0.5 moves the bits of a subnormal half to the bottom of the float, rounded by the FPU.
    const float shifted = bits<float>(rest) + 0.5f;
    return static_cast<uint16_t>(sign | (bits<uint32_t>(shifted) - 0x3f000000u));
  }
  const uint32_t odd = (rest >> 13) & 1u;
  return static_cast<uint16_t>(sign | ((rest - 0x38000000u + 0xfffu + odd) >> 13));
}

PT_HD float half_value(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  const uint32_t rest = half & 0x7fffu;
  if (rest >= 0x7c00u) return bits<float>(sign | 0x7f800000u | ((rest & 0x3ffu) << 13));
  if (rest < 0x400u) {
    const float subnormal = static_cast<float>(rest) * 5.9604644775390625e-8f;  // 2^-24
    return sign ? -subnormal : subnormal;
  }
  return bits<float>(sign | ((rest << 13) + 0x38000000u));
}

PT_HD uint16_t bfloat_bits(float value) {
  const uint32_t f = bits<uint32_t>(value);
  if ((f & 0x7fffffffu) > 0x7f800000u) return static_cast<uint16_t>((f >> 16) | 0x40u);
  return static_cast<uint16_t>((f + 0x7fffu + ((f >> 16) & 1u)) >> 16);
}
}  // namespace detail

// Storage types: arithmetic happens in float.
struct Half {
  uint16_t raw;
  Half() = default;
  PT_HD Half(float v) : raw(detail::half_bits(v)) {}  // NOLINT: conversions are the point
  PT_HD operator float() const { return detail::half_value(raw); }
};
struct BFloat16 {
  uint16_t raw;
  BFloat16() = default;
  PT_HD BFloat16(float v) : raw(detail::bfloat_bits(v)) {}  // NOLINT
  PT_HD operator float() const { return detail::bits<float>(static_cast<uint32_t>(raw) << 16); }
};

// The type in which elements of type T are computed and summed.
template <class T>
struct ComputeType {
  using type = T;
};
template <>
struct ComputeType<Half> {
  using type = float;
};
template <>
struct ComputeType<BFloat16> {
  using type = float;
};
// bool promotes to int in every expression anyway.
template <>
struct ComputeType<bool> {
  using type = int32_t;
};
template <class T>
using Compute = typename ComputeType<T>::type;

#ifndef __CUDACC_RTC__
template <class T>
struct Tag {
  using type = T;
};

inline int64_t size_of(DType t) {
  switch (t) {
    case DType::float64:
    case DType::int64: return 8;
    case DType::float32:
    case DType::int32: return 4;
    case DType::float16:
    case DType::bfloat16: return 2;
    default: return 1;
  }
}

inline const char* name_of(DType t) {
  switch (t) {
    case DType::float32: return "float32";
    case DType::float64: return "float64";
    case DType::float16: return "float16";
    case DType::uint8: return "uint8";
    case DType::int32: return "int32";
    case DType::int8: return "int8";
    case DType::int64: return "int64";
    case DType::bool_: return "bool";
    case DType::bfloat16: return "bfloat16";
  }
  return "unknown";
}

// dispatch_*: call f(Tag<T>()) with the C++ type of t.  The narrower ones throw for the other types.
template <class F>
auto dispatch_float(DType t, F f) {
  switch (t) {
    case DType::float32: return f(Tag<float>());
    case DType::float64: return f(Tag<double>());
    case DType::float16: return f(Tag<Half>());
    case DType::bfloat16: return f(Tag<BFloat16>());
    default: throw std::invalid_argument(std::string("a floating point type is needed; got ") + name_of(t));
  }
}

template <class F>
auto dispatch(DType t, F f) {
  switch (t) {
    case DType::uint8: return f(Tag<uint8_t>());
    case DType::int32: return f(Tag<int32_t>());
    case DType::int8: return f(Tag<int8_t>());
    case DType::int64: return f(Tag<int64_t>());
    case DType::bool_: return f(Tag<bool>());
    default: return dispatch_float(t, f);
  }
}

// Calls f(Tag<U>()) with an unsigned type as wide as the elements: for kernels that only move them.
template <class F>
auto dispatch_width(DType t, F f) {
  switch (size_of(t)) {
    case 1: return f(Tag<uint8_t>());
    case 2: return f(Tag<uint16_t>());
    case 4: return f(Tag<uint32_t>());
    default: return f(Tag<uint64_t>());
  }
}

#endif

}  // namespace paratrain
