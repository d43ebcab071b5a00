#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/detection/detection.h"

namespace paratrain {
template void register_detection<Cuda>(Registry& r);
}
