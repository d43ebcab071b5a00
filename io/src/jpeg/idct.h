// From coefficients to samples, exactly as the accurate integer transform of the JPEG group's software gives them.
#pragma once

#include <array>
#include <cstdint>

namespace paratrain::io::jpeg {

// Factors of two blocks in the order of rows (see kRow): the quantisation tables of a pair.
using PairFactors = std::array<int16_t, 128>;

// Multiplies the coefficients of two blocks by `factors`, transforms them and writes 8 x 8 samples to each place. The
// coefficients are zero afterwards.
void idct_pair(int16_t* pair, const PairFactors& factors, uint8_t* first, int64_t first_stride, uint8_t* second,
               int64_t second_stride);

// The same for one block of which only the coefficient `dc` is not zero.
void idct_flat(int16_t dc, int16_t factor, uint8_t* out, int64_t stride);

}  // namespace paratrain::io::jpeg
