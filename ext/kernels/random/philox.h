// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"): four random words from a counter and
// a key, without state.  The same numbers for any number of threads, on the CPU and on the GPU.
#pragma once
#include <cmath>

#include "core/dtype.h"

namespace paratrain::philox {

struct Words {
  uint32_t w[4];
};

PT_HD uint32_t high_product(uint32_t a, uint32_t b) {
  return static_cast<uint32_t>((static_cast<uint64_t>(a) * b) >> 32);
}

PT_HD Words generate(Words counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const uint32_t h0 = high_product(0xd2511f53u, counter.w[0]), l0 = 0xd2511f53u * counter.w[0];
    const uint32_t h1 = high_product(0xcd9e8d57u, counter.w[2]), l1 = 0xcd9e8d57u * counter.w[2];
    counter = {{h1 ^ counter.w[1] ^ key0, l1, h0 ^ counter.w[3] ^ key1, l0}};
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  return counter;
}

// What one operator draws from in one step of a run.
struct Stream {
  uint64_t seed, step;
  uint32_t op_id;
  const uint64_t* key = nullptr;  // see RunContext
};

// The stream with the seed and the step of the present run.
PT_HD Stream present(const Stream& s) {
#ifdef __CUDA_ARCH__
  if (s.key) return {s.key[0], s.key[1], s.op_id, nullptr};
#endif
  return s;
}

// Block `index` of a stream: the key is the seed, the counter (index, step, operator).
// Steps and blocks have 48 bits each, operators 32.
PT_HD Words counter_of(const Stream& s, uint64_t index) {
  return {{static_cast<uint32_t>(index), s.op_id, static_cast<uint32_t>(s.step),
           static_cast<uint32_t>((index >> 32) << 16) ^ static_cast<uint32_t>(s.step >> 32)}};
}
PT_HD Words block(const Stream& stream, uint64_t index) {
  const Stream s = present(stream);
  return generate(counter_of(s, index), static_cast<uint32_t>(s.seed), static_cast<uint32_t>(s.seed >> 32));
}

// Number i of a stream: one word of a block.
PT_HD uint32_t word(const Stream& s, int64_t i) {
  const Words b = block(s, static_cast<uint64_t>(i) >> 2);
  return b.w[i & 3];
}

// Blocks first .. first + kBlocks - 1, as words[4 * block + word]; philox_cpu.h makes several at once.
template <class Device>
struct Several {
  static constexpr int kBlocks = 1;
  PT_HD static void generate(const Stream& s, uint64_t first, uint32_t* words) {
    const Words b = block(s, first);
    for (int w = 0; w < 4; ++w) words[w] = b.w[w];
  }
};

// In [0, 1), 24 and 53 random bits.
PT_HD float uniform(uint32_t word) { return static_cast<float>(word >> 8) * 5.9604644775390625e-8f; }
PT_HD double uniform(uint32_t high, uint32_t low) {
  const uint64_t bits = (static_cast<uint64_t>(high) << 32 | low) >> 11;
  return static_cast<double>(bits) * 1.1102230246251565e-16;
}

}  // namespace paratrain::philox
