#include "kernels/families.h"

namespace paratrain {

void register_plain_cpu(Registry& r) {
#define PT_REGISTER(family) register_##family<Cpu>(r);
  PT_FAMILIES(PT_REGISTER)
#undef PT_REGISTER
}

}  // namespace paratrain
