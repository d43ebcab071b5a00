// Huffman codes of JPEG files (T.81, annexes C and F): tables, and the decoding of a block.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "header.h"

namespace paratrain::io::jpeg {

// Bits of the entropy-coded data, most significant first; the stuffed bytes have been taken out of them before.
// Reading never checks for the end: behind the data there are zeros for at least one MCU, and the position is checked
// after each.
struct Bits {
  const uint8_t* next;
  uint64_t bits = 0;  // the next ones, from the top
  int count = 0;      // how many of them are valid

  // Makes at least 56 bits valid. The bits below `count` may be those of the stream or 0.
  void refill() {
    uint64_t word;
    std::memcpy(&word, next, 8);
    if constexpr (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) word = __builtin_bswap64(word);
    bits |= word >> count;
    next += (63 - count) >> 3;
    count |= 56;
  }
  void drop(int n) {
    bits <<= n;
    count -= n;
  }
  // Bits taken since `begin`.
  int64_t taken(const uint8_t* begin) const { return (next - begin) * 8 - count; }
};

constexpr int kLookBits = 10;  // codes with their values up to this length are decoded by one look

class Huffman {
 public:
  // `steps` says whether the symbols are those of AC coefficients, which skip zeros.
  void build(const HuffmanSpec& spec, bool steps);

  // What the next bits mean: value << 16 | step << 8 | length, or 0 if they must be decoded by `symbol`.
  int32_t look(uint64_t bits) const { return table_[bits >> (64 - kLookBits)]; }

  // Takes the next code and its value out of `bits`, of which 56 must be valid, and refills; the same form as `look`. A
  // step of kInvalid is no code.
  int64_t slow(Bits* bits) const;

 private:
  int64_t meaning(int symbol) const;

  HuffmanSpec spec_;
  bool steps_ = false;
  std::array<int32_t, 1 << kLookBits> table_{};
  std::array<uint32_t, 17> limit_{};  // by length: the first code of 16 bits that begins with no code so short
  std::array<int32_t, 17> offset_{};  // place of a code's symbol less the code
};

constexpr int kEnd = 128;      // the step of an end of block: past the last coefficient, and past all runs
constexpr int kInvalid = 255;  // the step of what is no code

// Places of the coefficients in a pair of blocks (their rows alternate), in zigzag order; those after the last are a
// dummy's.
constexpr int kRow = 16;            // elements from one row of a block to its next
constexpr int kDummy = 8 * kRow;    // an element behind both blocks
constexpr int kPair = kDummy + 16;  // elements of a pair
extern const std::array<uint8_t, 320> kPlaces;

// Decodes a block into `block`, which must be zero; returns -1 if that is damaged, 0 if only the DC coefficient is
// set, else 1. With `store` false only `dc` is kept up.
template <bool store>
int decode_block(Bits* state, const Huffman& dc_table, const Huffman& ac_table, uint32_t* dc, int16_t* block);

}  // namespace paratrain::io::jpeg
