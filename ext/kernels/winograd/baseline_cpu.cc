// Vectors of 8 floats: AVX2, as the package is compiled for.
#include "kernels/winograd/block.h"

namespace paratrain::winograd {

const Methods kBaseline = all_methods<8, 6, 2, 4>("avx2");

}  // namespace paratrain::winograd
