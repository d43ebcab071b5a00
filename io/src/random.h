// Random numbers of the pipeline: the same on every machine, and by key instead of by sequence.
#pragma once

#include <cstdint>

namespace paratrain::io {

// SplitMix64 (Steele, Lea, Flood 2014): a 64-bit counter passed through a mixing function.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t key = 0) : state_(key) {}

  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // Uniform in [0, n), n > 0, without bias (Lemire's method).
  uint64_t below(uint64_t n) {
    while (true) {
      const unsigned __int128 product = static_cast<unsigned __int128>(next()) * n;
      const uint64_t low = static_cast<uint64_t>(product);
      if (low >= n || low >= -n % n) return static_cast<uint64_t>(product >> 64);
    }
  }

  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // in [0, 1)

 private:
  uint64_t state_;
};

// One key of several numbers; every number changes it.
inline uint64_t mix(uint64_t a, uint64_t b) { return SplitMix64(a ^ SplitMix64(b).next()).next(); }

// Puts a random order of 0 ... n-1 into `out`.
inline void permutation(uint64_t key, int64_t n, int64_t* out) {
  SplitMix64 random(key);
  for (int64_t i = 0; i < n; ++i) {
    const int64_t j = static_cast<int64_t>(random.below(static_cast<uint64_t>(i) + 1));
    out[i] = out[j];
    out[j] = i;
  }
}

}  // namespace paratrain::io
