#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/reduce/reduce.h"

namespace paratrain {
template void register_reduce<Cuda>(Registry& r);
}
