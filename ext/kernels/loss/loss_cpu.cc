#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/loss/loss.h"

namespace paratrain {
template void register_loss<Cpu>(Registry& r);
}
