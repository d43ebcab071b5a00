#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/indexing/indexing.h"

namespace paratrain {
template void register_indexing<Cpu>(Registry& r);
}
