// Vectors of 8 floats: AVX2, as the package is compiled for.
#include "kernels/winograd/block.h"

namespace paratrain::winograd {

const Isa kBaseline = isa<8, 6, 2, 4>("avx2");

}  // namespace paratrain::winograd
