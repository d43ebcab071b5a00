#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/indexing/indexing.h"

namespace paratrain {
template void register_indexing<Cuda>(Registry& r);
}
