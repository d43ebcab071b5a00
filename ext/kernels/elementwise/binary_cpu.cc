#include "kernels/launch/cpu.h"
// the loops first: the family's templates use them
#include "kernels/elementwise/binary.h"

namespace paratrain {
template void register_binary<Cpu>(Registry& r);
}
