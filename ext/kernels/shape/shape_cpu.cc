#include "kernels/shape/strided_cpu.h"
// the loops first: the family's templates use them
#include "kernels/shape/shape.h"

namespace paratrain {
template void register_shape<Cpu>(Registry& r);
}
