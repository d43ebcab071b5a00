#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/linalg/factor.h"

namespace paratrain {
template void register_factor<Cpu>(Registry& r);
}
