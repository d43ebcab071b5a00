// Transposes of blocks on the CPU.
#pragma once
#include <cstdint>
#include <cstring>
#include <utility>

namespace paratrain::strided {

// Squares as wide as a vector register are transposed within registers.
template <class T>
struct Square {
  static constexpr int kLanes = 16 / sizeof(T);
  typedef T Vector __attribute__((vector_size(16)));

  // Elements of two vectors in turn, from their first or their second halves.
  template <int kHalf, size_t... kLane>
  static Vector weave(Vector a, Vector b, std::index_sequence<kLane...>) {
#ifdef __clang__
    return __builtin_shufflevector(a, b, (kHalf * kLanes / 2 + kLane / 2 + kLane % 2 * kLanes)...);
#else
    return __builtin_shuffle(a, b, Vector{(kHalf * kLanes / 2 + kLane / 2 + kLane % 2 * kLanes)...});
#endif
  }

  // to[r * to_step + c] = from[c * from_step + r] for r and c below kLanes.
  static void run(const T* from, int64_t from_step, T* to, int64_t to_step) {
    using Lanes = std::make_index_sequence<kLanes>;
    Vector rows[kLanes], next[kLanes];
    for (int c = 0; c < kLanes; ++c) std::memcpy(&rows[c], from + c * from_step, sizeof(Vector));
    // Row c and row c + kLanes / 2 woven: each time the index of a row's elements gives a bit to the index of the row.
    for (int bits = kLanes; bits > 1; bits /= 2) {
      for (int c = 0; c < kLanes / 2; ++c) {
        next[2 * c] = weave<0>(rows[c], rows[c + kLanes / 2], Lanes());
        next[2 * c + 1] = weave<1>(rows[c], rows[c + kLanes / 2], Lanes());
      }
      for (int c = 0; c < kLanes; ++c) rows[c] = next[c];
    }
    for (int r = 0; r < kLanes; ++r) std::memcpy(to + r * to_step, &rows[r], sizeof(Vector));
  }
};

// to[r * to_step + c] = from[c * from_step + r].  Of each row as many elements are written as a line of the cache has,
// before the next row; meanwhile the cache gets what the block behind this one will read.
template <class T>
__attribute__((noinline)) void transpose(const T* from, int64_t from_step, T* to, int64_t to_step, int64_t rows,
                                         int64_t columns) {
  constexpr int64_t kLine = 64 / sizeof(T), kLanes = Square<T>::kLanes;
  for (int64_t c0 = 0; c0 < columns; c0 += kLine) {
    const int64_t c1 = columns - c0 < kLine ? columns : c0 + kLine;
    for (int64_t c = c0; c < c1; ++c) {
      for (int64_t r = 0; r < rows; r += kLine) __builtin_prefetch(from + c * from_step + rows + r, 0, 2);
    }
    for (int64_t r0 = 0; r0 < rows; r0 += kLanes) {
      const int64_t r1 = rows - r0 < kLanes ? rows : r0 + kLanes;
      const T* x = from + c0 * from_step + r0;
      T* y = to + r0 * to_step + c0;
      int64_t c = c0;
      if (r1 - r0 == kLanes && c1 - c0 == kLine) {  // apart, for it is faster with a known number
        for (int k = 0; k < kLine; k += kLanes) Square<T>::run(x + k * from_step, from_step, y + k, to_step);
        continue;
      }
      for (; r1 - r0 == kLanes && c + kLanes <= c1; c += kLanes, x += kLanes * from_step, y += kLanes) {
        Square<T>::run(x, from_step, y, to_step);
      }
      for (; c < c1; ++c) {
        for (int64_t r = r0; r < r1; ++r) to[r * to_step + c] = from[c * from_step + r];
      }
    }
  }
}

}  // namespace paratrain::strided
