// Huffman codes of JPEG files (T.81, annexes C and F) and the bits they are read from.
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

constexpr int kEnd = 128;      // the step of an end of block: past the last coefficient, and past all runs
constexpr int kInvalid = 255;  // the step of what is no code

// What codes mean. `step` is how far the coefficient is from the one before; a second symbol follows where both are
// found by one look, else its step is 0 and its value the first one's.
struct Symbols {
  int16_t value, second_value;
  uint8_t step, second_step;
  uint8_t length, total_length;  // bits of the first, of both; 0: the code is longer
};

// What as many codes as one look finds do together.
struct Skip {
  uint8_t step, length;
};

class Huffman {
 public:
  // `steps` says whether the symbols are those of AC coefficients, which skip zeros.
  void build(const HuffmanSpec& spec, bool steps);

  const Symbols& look(uint64_t bits) const { return table_[bits >> (64 - kLookBits)]; }
  const Skip& skip(uint64_t bits) const { return skips_[bits >> (64 - kLookBits)]; }

  // A code of any length, of which 56 bits must be valid, its length included.
  Symbols slow(uint64_t bits) const;

 private:
  void build_pairs();
  void build_skips();

  HuffmanSpec spec_;
  bool steps_ = false;
  std::array<Symbols, 1 << kLookBits> table_{};
  std::array<Skip, 1 << kLookBits> skips_{};
  std::array<uint32_t, 17> limit_{};  // by length: the first 16 bits that begin with no code so short
  std::array<int32_t, 17> offset_{};  // place of a code's symbol less the code
};

// Places of the coefficients in a pair of blocks (their rows alternate), in zigzag order; those after the last are a
// dummy's.
constexpr int kRow = 16;            // elements from one row of a block to its next
constexpr int kDummy = 8 * kRow;    // an element behind both blocks
constexpr int kPair = kDummy + 16;  // elements of a pair
extern const std::array<uint8_t, 320> kPlaces;

}  // namespace paratrain::io::jpeg
