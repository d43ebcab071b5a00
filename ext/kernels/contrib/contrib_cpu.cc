#include "kernels/launch/rows_cpu.h"
#include "kernels/shape/strided_cpu.h"
// the loops first: the family's templates use them
#include "kernels/contrib/contrib.h"

namespace paratrain {
template void register_contrib<Cpu>(Registry& r);
}
