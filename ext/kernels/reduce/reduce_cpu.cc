#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/reduce/reduce.h"

namespace paratrain {
template void register_reduce<Cpu>(Registry& r);
}
