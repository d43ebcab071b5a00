#include "kernels/elementwise/chain.h"

namespace paratrain {

namespace {

// Without axes of length 1, neighbouring axes joined where that is one run in every array.
void collapse(Shape& space, std::vector<Shape>& inputs) {
  Shape joined;
  std::vector<Shape> kept(inputs.size());
  for (size_t d = 0; d < space.size(); ++d) {
    if (space[d] == 1) continue;
    bool same = !joined.empty();
    for (size_t i = 0; i < inputs.size() && same; ++i) same = (inputs[i][d] == 1) == (kept[i].back() == 1);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (same) {
        kept[i].back() *= inputs[i][d];
      } else {
        kept[i].push_back(inputs[i][d]);
      }
    }
    if (same) {
      joined.back() *= space[d];
    } else {
      joined.push_back(space[d]);
    }
  }
  if (joined.empty()) {
    joined.push_back(1);
    for (auto& k : kept) k.push_back(1);
  }
  space = joined;
  inputs = kept;
}

std::vector<ChainCall> read_calls(const KernelSpec& s) {
  const Shape &counts = s.attrs.ints("counts"), &operands = s.attrs.ints("operands"), &types = s.attrs.ints("dtypes");
  std::vector<ChainCall> calls;
  size_t at = 0;
  for (size_t k = 0; k < counts.size(); ++k) {
    ChainCall call;
    const std::string prefix = std::to_string(k) + ".";
    call.kernel = s.attrs.text(prefix + "kernel");
    call.attrs = s.attrs.below(prefix);
    for (int64_t i = 0; i < counts[k]; ++i) call.operands.push_back(static_cast<size_t>(operands[at++]));
    call.dtype = static_cast<DType>(types[k]);
    calls.push_back(std::move(call));
  }
  const Shape& outputs = s.attrs.ints("outputs");
  for (size_t i = 0; i < outputs.size(); ++i) calls[static_cast<size_t>(outputs[i])].output = static_cast<int>(i);
  return calls;
}

}  // namespace

ChainPlan::ChainPlan(const KernelSpec& s) : space(s.out[0].shape), calls(read_calls(s)) {
  for (const auto& d : s.in) {
    Shape shape(space.size() - d.shape.size(), 1);
    shape.insert(shape.end(), d.shape.begin(), d.shape.end());
    inputs.push_back(shape);
    input_types.push_back(d.dtype);
  }
  collapse(space, inputs);
  for (const auto& shape : inputs) {
    Shape steps(shape.size(), 0);
    int64_t step = 1;
    for (size_t d = shape.size(); d-- > 0; step *= shape[d]) steps[d] = shape[d] == 1 ? 0 : step;
    strides.push_back(steps);
  }
}

}  // namespace paratrain
