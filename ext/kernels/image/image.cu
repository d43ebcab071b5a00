#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/image/image.h"

namespace paratrain {
template void register_image<Cuda>(Registry& r);
}
