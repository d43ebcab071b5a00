// Vectors of 16 floats.  Only this file may contain AVX-512: it is run where the processor has it.
#include "kernels/winograd/winograd.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,prefer-vector-width=512")
#endif
#include "kernels/winograd/block.h"

namespace paratrain::winograd {

const Methods kAvx512 = all_methods<16, 12, 2, 8>("avx512");

}  // namespace paratrain::winograd
