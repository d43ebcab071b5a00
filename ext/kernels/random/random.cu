#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/random/random.h"

namespace paratrain {
template void register_random<Cuda>(Registry& r);
}
