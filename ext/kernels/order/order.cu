#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/order/order.h"

namespace paratrain {
template void register_order<Cuda>(Registry& r);
}
