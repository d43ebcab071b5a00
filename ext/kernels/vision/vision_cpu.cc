#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/vision/vision.h"

namespace paratrain {
template void register_vision<Cpu>(Registry& r);
}
