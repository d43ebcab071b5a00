#include "kernels/launch/cpu.h"
#include "kernels/launch/pointwise_cpu.h"
// the loops first: the family's templates use them
#include "kernels/elementwise/unary.h"

namespace paratrain {
template void register_unary<Cpu>(Registry& r);
}
