#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/elementwise/unary.h"

namespace paratrain {
template void register_unary<Cuda>(Registry& r);
}
