#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/image/image.h"

namespace paratrain {
template void register_image<Cpu>(Registry& r);
}
