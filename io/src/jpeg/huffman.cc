#include "huffman.h"

namespace paratrain::io::jpeg {

namespace {

constexpr std::array<uint8_t, 64> kZigzag = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                             12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                             35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                             58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

constexpr std::array<uint8_t, 320> places() {
  std::array<uint8_t, 320> out{};
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<uint8_t>(i < 64 ? kZigzag[i] / 8 * kRow + kZigzag[i] % 8 : kDummy);
  }
  return out;
}

// A value of `size` bits; those that begin with 0 are negative (T.81, F.2.2.1).
int32_t extend(int32_t bits, int size) { return size && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits; }

// Step and number of value bits of a symbol.
struct Meaning {
  int step, size;
};

Meaning meaning(int symbol, bool steps) {
  if (!steps) return {0, symbol};
  const int run = symbol >> 4, size = symbol & 15;
  if (size == 0) return {run == 15 ? 16 : kEnd, 0};
  return {run + 1, size};
}

Symbols single(int value, int step, int length) {
  const int16_t v = static_cast<int16_t>(value);
  const uint8_t n = static_cast<uint8_t>(length);
  return {v, v, static_cast<uint8_t>(step), 0, n, n};
}

}  // namespace

const std::array<uint8_t, 320> kPlaces = places();

void Huffman::build(const HuffmanSpec& spec, bool steps) {
  if (spec == spec_ && steps == steps_) return;  // most files of a set have the same tables
  spec_ = spec;
  steps_ = steps;
  table_.fill(Symbols{});
  uint32_t code = 0;
  int at = 0;
  for (int length = 1; length <= 16; ++length) {
    const int count = spec.counts[static_cast<size_t>(length - 1)];
    offset_[static_cast<size_t>(length)] = at - static_cast<int32_t>(code);
    for (int i = 0; i < count; ++i, ++code, ++at) {
      const Meaning m = meaning(spec.symbols[static_cast<size_t>(at)], steps);
      const int spare = kLookBits - length - m.size;
      if (spare < 0) continue;
      for (int bits = 0; bits < 1 << (m.size + spare); ++bits) {
        const size_t index = (static_cast<size_t>(code) << (m.size + spare)) + static_cast<size_t>(bits);
        table_[index] = single(extend(bits >> spare, m.size), m.step, length + m.size);
      }
    }
    limit_[static_cast<size_t>(length)] = code << (16 - length);
    code <<= 1;
  }
  if (!steps) return;
  build_skips();
  build_pairs();
}

void Huffman::build_pairs() {
  const std::array<Symbols, 1 << kLookBits> singles = table_;
  for (size_t i = 0; i < table_.size(); ++i) {
    Symbols& s = table_[i];
    if (s.length == 0 || s.step == kEnd) continue;
    const Symbols& next = singles[(i << s.length) % singles.size()];
    if (next.length == 0 || s.length + next.length > kLookBits) continue;
    s.second_value = next.value;
    s.second_step = next.step;
    s.total_length = static_cast<uint8_t>(s.length + next.length);
  }
}

void Huffman::build_skips() {
  for (size_t i = 0; i < table_.size(); ++i) {
    int step = 0, length = 0;
    while (step < 63) {
      const Symbols& next = table_[(i << length) % table_.size()];
      if (next.length == 0 || length + next.length > kLookBits) break;
      step += next.step;
      length += next.length;
    }
    skips_[i] = {static_cast<uint8_t>(step), static_cast<uint8_t>(length)};
  }
}

__attribute__((noinline)) Symbols Huffman::slow(uint64_t bits) const {
  const uint32_t head = static_cast<uint32_t>(bits >> 48);
  size_t length = 1;
  while (length <= 16 && head >= limit_[length]) ++length;
  if (length > 16) return single(0, kInvalid, 0);
  const int32_t at = offset_[length] + static_cast<int32_t>(head >> (16 - length));
  const Meaning m = meaning(spec_.symbols[static_cast<size_t>(at)], steps_);
  const int32_t value = m.size ? static_cast<int32_t>(bits << length >> (64 - m.size)) : 0;
  return single(extend(value, m.size), m.step, static_cast<int>(length) + m.size);
}

}  // namespace paratrain::io::jpeg
