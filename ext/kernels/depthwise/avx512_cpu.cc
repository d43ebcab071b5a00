// Vectors of 16 floats.  Only this file may contain AVX-512: it is run where the processor has it.
#include "kernels/depthwise/depthwise.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,prefer-vector-width=512")
#endif
#include "kernels/depthwise/row.h"

namespace paratrain::depthwise {

const Method kAvx512 = method_of<16>("avx512");

}  // namespace paratrain::depthwise
