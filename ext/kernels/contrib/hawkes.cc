#include "kernels/contrib/hawkes.h"

namespace paratrain {

HawkesPlan plan_hawkes(const KernelSpec& s, size_t first) {
  const TensorDesc &rates = s.in.at(first), &marks = s.in.at(first + 5);
  return {rates.shape.at(0), marks.shape.at(1), rates.shape.at(1), rates.dtype, marks.dtype};
}

}  // namespace paratrain
