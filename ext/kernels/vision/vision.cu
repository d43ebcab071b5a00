#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/vision/vision.h"

namespace paratrain {
template void register_vision<Cuda>(Registry& r);
}
