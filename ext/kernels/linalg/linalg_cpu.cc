#include "kernels/linalg/gemm_cpu.h"

namespace paratrain {
template void register_linalg<Cpu>(Registry& r);
}
