#pragma once

namespace paratrain {

// Whether this processor runs what the sources compiled for AVX-512 contain (F, VL, DQ, BW).
bool has_avx512();

}  // namespace paratrain
