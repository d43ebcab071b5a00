#include "kernels/launch/cpu.h"
#include "kernels/launch/pointwise_cpu.h"
// the loops first: the family's templates use them
#include "kernels/elementwise/binary.h"

namespace paratrain {
template void register_binary<Cpu>(Registry& r);
}
