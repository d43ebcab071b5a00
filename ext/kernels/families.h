// The families of kernels.  Each is written once and instantiated for a device by <family>_cpu.cc and <family>.cu.
#pragma once
#include "core/kernel.h"

namespace paratrain {

struct Cpu {};
struct Cuda {};

// clang-format off
#define PT_FAMILIES(X) \
  X(unary)             \
  X(binary)            \
  X(reduce)            \
  X(nn)                \
  X(rnn)               \
  X(shape)             \
  X(indexing)          \
  X(linalg)            \
  X(factor)            \
  X(loss)              \
  X(random)            \
  X(sample)            \
  X(update)            \
  X(order)             \
  X(contrib)           \
  X(vision)            \
  X(detection)         \
  X(image)
// clang-format on

#define PT_DECLARE(family) \
  template <class Device>  \
  void register_##family(Registry& r);
PT_FAMILIES(PT_DECLARE)
#undef PT_DECLARE

// Every plain CPU kernel, and (after them, so that they are asked first) our faster ones and those of oneDNN.
void register_plain_cpu(Registry& r);
void register_rnn_blocks(Registry& r);
void register_chain(Registry& r);
void register_dnnl(Registry& r);

}  // namespace paratrain
