#include "kernels/launch/rows_cpu.h"
#include "kernels/order/order_cpu.h"
#include "kernels/random/philox_cpu.h"
// the loops first: the family's templates use them
#include "kernels/random/sample.h"

namespace paratrain {
template void register_sample<Cpu>(Registry& r);
}
