#include "kernels/order/order.h"

namespace paratrain {

OrderPlan plan_order(const KernelSpec& s) {
  const Shape& view = s.attrs.ints("view");
  OrderPlan p;
  p.outer = view.at(0);
  p.n = view.at(1);
  p.inner = view.at(2);
  p.k = s.attrs.integer("k");
  p.ascending = s.attrs.flag("ascending");
  if (p.k > p.n) throw std::logic_error("order: k is larger than the axis");
  return p;
}

}  // namespace paratrain
