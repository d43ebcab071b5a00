#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/linalg/factor.h"

namespace paratrain {
template void register_factor<Cuda>(Registry& r);
}
