#include "kernels/launch/cuda.cuh"
// the loops first: the family's templates use them
#include "kernels/rnn/rnn.h"

namespace paratrain {
template void register_rnn<Cuda>(Registry& r);
}
