#include "kernels/avx512.h"

namespace paratrain {

bool has_avx512() {
#if defined(__x86_64__)
  static const bool found = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  return found;
#else
  return false;
#endif
}

}  // namespace paratrain
