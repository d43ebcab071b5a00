#include "kernels/order/order_cpu.h"

namespace paratrain {
template void register_order<Cpu>(Registry& r);
}
