#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/nn/nn.h"

namespace paratrain {
template void register_nn<Cuda>(Registry& r);
}
