#include "kernels/order/order_cpu.h"
// the loops first: the family's templates use them
#include "kernels/detection/detection.h"

namespace paratrain {
template void register_detection<Cpu>(Registry& r);
}
