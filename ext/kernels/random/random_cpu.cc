#include "kernels/launch/rows_cpu.h"
#include "kernels/random/philox_cpu.h"
// the loops first: the family's templates use them
#include "kernels/random/random.h"

namespace paratrain {
template void register_random<Cpu>(Registry& r);
}
