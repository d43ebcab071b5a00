// FullyConnected and its gradients for layers so small that a library's preparations cost more than they save.
#pragma once
#include "core/kernel.h"

namespace paratrain {

// Registered after the libraries, and so asked first; declines products that those do faster.
void register_dense(Registry& r);

}  // namespace paratrain
