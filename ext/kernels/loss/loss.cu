#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/loss/loss.h"

namespace paratrain {
template void register_loss<Cuda>(Registry& r);
}
