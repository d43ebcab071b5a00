#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/shape/shape.h"

namespace paratrain {
template void register_shape<Cuda>(Registry& r);
}
