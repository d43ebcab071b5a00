// What a chain of elementwise operators is, for the kernels of both devices.
#pragma once
#include "core/kernel.h"

namespace paratrain {

// One call: which values it reads.
struct ChainCall {
  std::string kernel;
  Attrs attrs;
  std::vector<size_t> operands;  // inputs first, then results of calls
  DType dtype = DType::float32;
  int output = -1;  // of the chain
};

struct ChainPlan {
  explicit ChainPlan(const KernelSpec& s);

  std::vector<DType> input_types;
  Shape space;                 // of the results, neighbouring axes joined where that is one run in every array
  std::vector<Shape> inputs;   // their shapes, with as many axes as the space
  std::vector<Shape> strides;  // in elements; 0 where an input is repeated
  std::vector<ChainCall> calls;

  DType type_of(size_t value) const {
    return value < inputs.size() ? input_types[value] : calls[value - inputs.size()].dtype;
  }
};

// CUDA source of a function chain(Arguments) that computes every call for one element at a time.  It depends on the
// calls, the types and on which inputs are repeated along which axes; sizes and attributes are arguments.
std::string chain_source(const ChainPlan& plan);
// The arguments, in words of 8 bytes, without the addresses of inputs and outputs, which come last.
std::vector<int64_t> chain_arguments(const ChainPlan& plan);
// Kernels that may be members of such a chain.
std::vector<std::string> chain_members();

}  // namespace paratrain
