// Vectors of 8 floats: AVX2, as the package is compiled for.
#include "kernels/depthwise/row.h"

namespace paratrain::depthwise {

const Method kBaseline = method_of<8>("avx2");

}  // namespace paratrain::depthwise
