#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/contrib/contrib.h"

namespace paratrain {
template void register_contrib<Cuda>(Registry& r);
}
