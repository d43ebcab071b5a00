#include "kernels/launch/rows_cpu.h"
// the loops first: the family's templates use them
#include "kernels/rnn/rnn.h"

namespace paratrain {
template void register_rnn<Cpu>(Registry& r);
}
