#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/nn/nn.h"

namespace paratrain {
template void register_nn<Cpu>(Registry& r);
}
