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

int32_t entry(int64_t value, int64_t step, int64_t length) {
  return static_cast<int32_t>(static_cast<uint32_t>(value) << 16 | static_cast<uint32_t>(step << 8 | length));
}

}  // namespace

const std::array<uint8_t, 320> kPlaces = places();

// Step and number of value bits of a symbol, as step << 8 | bits.
int64_t Huffman::meaning(int symbol) const {
  if (!steps_) return symbol;
  const int run = symbol >> 4, size = symbol & 15;
  if (size == 0) return run == 15 ? 16 << 8 : kEnd << 8;
  return (run + 1) << 8 | size;
}

void Huffman::build(const HuffmanSpec& spec, bool steps) {
  if (spec == spec_ && steps == steps_) return;  // most files of a set have the same tables
  spec_ = spec;
  steps_ = steps;
  table_.fill(0);
  uint32_t code = 0;
  int at = 0;
  for (int length = 1; length <= 16; ++length) {
    const int count = spec.counts[static_cast<size_t>(length - 1)];
    offset_[static_cast<size_t>(length)] = at - static_cast<int32_t>(code);
    for (int i = 0; i < count; ++i, ++code, ++at) {
      const int64_t what = meaning(spec.symbols[static_cast<size_t>(at)]);
      const int size = static_cast<int>(what & 255), spare = kLookBits - length - size;
      if (spare < 0) continue;
      for (int bits = 0; bits < 1 << (size + spare); ++bits) {
        const size_t index = (static_cast<size_t>(code) << (size + spare)) + static_cast<size_t>(bits);
        table_[index] = entry(extend(bits >> spare, size), what >> 8, length + size);
      }
    }
    limit_[static_cast<size_t>(length)] = code << (16 - length);
    code <<= 1;
  }
}

__attribute__((noinline)) int64_t Huffman::slow(Bits* state) const {
  const uint32_t head = static_cast<uint32_t>(state->bits >> 48);
  size_t length = 1;
  while (length <= 16 && head >= limit_[length]) ++length;
  if (length > 16) return kInvalid << 8;
  const int32_t at = offset_[length] + static_cast<int32_t>(head >> (16 - length));
  const int64_t what = meaning(spec_.symbols[static_cast<size_t>(at)]);
  const int size = static_cast<int>(what & 255);
  state->drop(static_cast<int>(length));
  const int32_t bits = size ? static_cast<int32_t>(state->bits >> (64 - size)) : 0;
  state->drop(size);
  state->refill();
  return entry(extend(bits, size), what >> 8, 0);
}

template <bool store>
int decode_block(Bits* out, const Huffman& dc_table, const Huffman& ac_table, uint32_t* dc, int16_t* block) {
  Bits state = *out;  // in registers
  state.refill();
  int32_t found = dc_table.look(state.bits);
  if (__builtin_expect(found == 0, 0)) {
    found = static_cast<int32_t>(dc_table.slow(&state));
    if (((found >> 8) & 255) == kInvalid) return -1;
  }
  state.drop(found & 63);
  *dc += static_cast<uint32_t>(found >> 16);
  if (store) block[0] = static_cast<int16_t>(*dc);

  int k = 0;
  while (true) {
    // Between two refills there are bits for three looks and what `slow` needs.
#define PT_STEP                                                                          \
  found = ac_table.look(state.bits);                                                     \
  if (__builtin_expect(found == 0, 0)) {                                                 \
    state.refill();                                                                      \
    found = static_cast<int32_t>(ac_table.slow(&state));                                 \
  }                                                                                      \
  k += (found >> 8) & 255;                                                               \
  if (store) block[kPlaces[static_cast<size_t>(k)]] = static_cast<int16_t>(found >> 16); \
  state.drop(found & 63);                                                                \
  if (k >= 63) break;
    state.refill();
    PT_STEP
    PT_STEP
    PT_STEP
    PT_STEP
#undef PT_STEP
  }
  *out = state;
  if (__builtin_expect(k > 63 && (k < kEnd || k >= kInvalid), 0)) return -1;
  return k == kEnd ? 0 : 1;
}

template int decode_block<true>(Bits*, const Huffman&, const Huffman&, uint32_t*, int16_t*);
template int decode_block<false>(Bits*, const Huffman&, const Huffman&, uint32_t*, int16_t*);

}  // namespace paratrain::io::jpeg
