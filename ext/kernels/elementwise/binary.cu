#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/elementwise/binary.h"

namespace paratrain {
template void register_binary<Cuda>(Registry& r);
}
