#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/random/sample.h"

namespace paratrain {
template void register_sample<Cuda>(Registry& r);
}
