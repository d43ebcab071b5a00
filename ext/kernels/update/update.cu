#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/update/update.h"

namespace paratrain {
template void register_update<Cuda>(Registry& r);
}
