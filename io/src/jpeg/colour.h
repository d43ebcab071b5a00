// From rows of luma and chroma samples to rows of red, green and blue.
#pragma once

#include <cstdint>

namespace paratrain::io::jpeg {

// Widens chroma to twice as many samples by a triangle filter: each is 3/4 of the nearer and 1/4 of the further sample.
// `near` and `far` begin one sample before the first; `count` samples become 2 * count. Where the rows are to be
// doubled as well, near is the nearer and far the further row.
void widen_doubled(const uint8_t* near, const uint8_t* far, int64_t count, uint8_t* out);
void widen(const uint8_t* near, int64_t count, uint8_t* out);

// YCbCr to red, green and blue (ITU-T T.871). Writes up to 31 bytes more than `count` into each row.
void to_rgb(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, int64_t count, uint8_t* red, uint8_t* green,
            uint8_t* blue);

// Luma of ITU-R BT.601 with weights of 16 bits, rounded.
void to_grey(const uint8_t* red, const uint8_t* green, const uint8_t* blue, int64_t count, uint8_t* out);

// Three rows to one of pixels.
void interleave(const uint8_t* red, const uint8_t* green, const uint8_t* blue, int64_t count, uint8_t* out);

constexpr int64_t kSlack = 64;  // bytes behind and before all rows that may be read or, behind them, written

}  // namespace paratrain::io::jpeg
