#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/linalg/gemm.h"

namespace paratrain {
template void register_linalg<Cuda>(Registry& r);
}
