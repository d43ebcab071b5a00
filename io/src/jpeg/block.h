// The entropy decoding of a block (T.81, F.2.2).
#pragma once

#include "huffman.h"

namespace paratrain::io::jpeg {

enum class Found { damaged, flat, coefficients };  // flat: only the DC coefficient is set

inline Found found(int last) {
  if (last < 63 || (last > 63 && last < kEnd) || last >= kInvalid) return Found::damaged;
  return last == kEnd ? Found::flat : Found::coefficients;
}

// Adds the difference that begins a block to `dc`; false if there is no such code.
inline bool decode_dc(Bits* state, const Huffman& table, uint32_t* dc) {
  state->refill();
  Symbols s = table.look(state->bits);
  if (__builtin_expect(s.length == 0, 0)) s = table.slow(state->bits);
  state->drop(s.length);
  *dc += static_cast<uint32_t>(s.value);
  return s.step != kInvalid;
}

// Decodes a block into `block`, which must be zero.
inline Found decode_block(Bits* out, const Huffman& dc_table, const Huffman& ac_table, uint32_t* dc, int16_t* block) {
  Bits state = *out;  // in registers
  if (!decode_dc(&state, dc_table, dc)) return Found::damaged;
  block[0] = static_cast<int16_t>(*dc);
  const auto place = [&](int k) -> int16_t& { return block[kPlaces[static_cast<size_t>(k)]]; };
  int k = 0;
  for (int looks = 1;; ++looks) {
    if (looks % 4 == 1) state.refill();
    Symbols s = ac_table.look(state.bits);
    if (__builtin_expect(s.length == 0, 0)) {
      state.refill();
      s = ac_table.slow(state.bits);
      state.drop(s.length);
      state.refill();
      s.length = s.total_length = 0;
    }
    k += s.step;
    place(k) = s.value;
    if (k >= 63) {
      state.drop(s.length);
      break;
    }
    k += s.second_step;
    place(k) = s.second_value;
    state.drop(s.total_length);
    if (k >= 63) break;
  }
  *out = state;
  return found(k);
}

// The same without keeping anything but `dc`.
inline Found skip_block(Bits* out, const Huffman& dc_table, const Huffman& ac_table, uint32_t* dc) {
  Bits state = *out;
  if (!decode_dc(&state, dc_table, dc)) return Found::damaged;
  int k = 0;
  while (true) {
    state.refill();
    const Skip skip = ac_table.skip(state.bits);
    const int next = k + skip.step;
    if (skip.length && (next < 63 || (next >= kEnd && next < kEnd + 63))) {
      k = next;
      state.drop(skip.length);
    } else {  // a long code, or the block may end within what was found
      Symbols s = ac_table.look(state.bits);
      if (s.length == 0) s = ac_table.slow(state.bits);
      k += s.step;
      state.drop(s.length);
    }
    if (k >= 63) break;
  }
  *out = state;
  return found(k);
}

}  // namespace paratrain::io::jpeg
