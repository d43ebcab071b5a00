#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/update/update.h"

namespace paratrain {
template void register_update<Cpu>(Registry& r);
}
