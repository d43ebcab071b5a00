// Vectors of W floats.  Included by one source per instruction set, so everything here is local to it; nothing of the
// standard library is used that the linker could take for the other sources too.
#pragma once
#include <cstdint>

namespace paratrain::simd {
namespace {

template <int W>
struct Simd {
  typedef float Vec __attribute__((vector_size(W * sizeof(float))));
};

template <int W>
using Vec = typename Simd<W>::Vec;

template <int W>
inline __attribute__((always_inline)) Vec<W> load(const float* p) {
  Vec<W> v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

template <int W>
inline __attribute__((always_inline)) void store(float* p, Vec<W> v) {
  __builtin_memcpy(p, &v, sizeof v);
}

// The first `count` floats, zeros behind them.
template <int W>
inline __attribute__((always_inline)) Vec<W> load_some(const float* p, int64_t count) {
  if (count >= W) return load<W>(p);
  Vec<W> v = {};
  for (int64_t l = 0; l < count; ++l) v[l] = p[l];
  return v;
}

template <int W>
inline __attribute__((always_inline)) void store_some(float* p, Vec<W> v, int64_t count) {
  if (count >= W) return store<W>(p, v);
  for (int64_t l = 0; l < count; ++l) p[l] = v[l];
}

}  // namespace
}  // namespace paratrain::simd
