// Orders along one axis: sort, argsort, the k first.
#pragma once
#include "kernels/indexing/index.h"
#include "kernels/launch/rows.h"
#include "kernels/reduce/reduce.h"

namespace paratrain {

struct OrderPlan {
  int64_t outer = 1, n = 1, inner = 1;  // the array around and along the axis
  int64_t k = 1;                        // how many of the n are wanted
  bool ascending = false;
};

// Attributes view (outer, n, inner), k, ascending.
OrderPlan plan_order(const KernelSpec& s);

// Whether element a at place i comes before b at place j.  NaN counts as larger than all numbers; of equals, the one
// with the smaller place comes first.
template <class C>
PT_HD bool comes_before(C a, int64_t i, C b, int64_t j, bool ascending) {
  const bool nan_a = a != a, nan_b = b != b;
  if (nan_a != nan_b) return nan_a != ascending;
  if (nan_a || a == b) return i < j;
  return (a < b) == ascending;
}

// order[o, j, i] = place along the axis of the j-th element, for j < k.
template <class Device, class T>
struct OrderRows {
  // Every element counts those before it: quadratic, but each element on its own.  order_cpu.h sorts.
  static void run(const RunContext& ctx, const OrderPlan& plan, const T* x, int64_t* order) {
    using C = Compute<T>;
    const OrderPlan p = plan;
    Launch<Device>::map(ctx, p.outer * p.n * p.inner, [=] PT_LAMBDA(int64_t at) {
      const int64_t i = at % p.inner, place = at / p.inner % p.n, o = at / p.inner / p.n;
      const T* row = x + o * p.n * p.inner + i;
      const C own = static_cast<C>(row[place * p.inner]);
      int64_t rank = 0;
      for (int64_t j = 0; j < p.n; ++j)
        rank += comes_before(static_cast<C>(row[j * p.inner]), j, own, place, p.ascending);
      if (rank < p.k) order[(o * p.k + rank) * p.inner + i] = place;
    });
  }
};

// What an output of OrderKernel holds.
enum class OrderRole : int64_t { values = 0, positions = 1, mask = 2 };

// X -> outputs as attribute roles says: the first k values, their positions (in any type), or 1 where X is among them.
template <class Device, class T>
struct OrderKernel : Kernel {
  explicit OrderKernel(const KernelSpec& s) : plan(plan_order(s)), roles(s.attrs.ints("roles")) {
    if (roles.size() != s.out.size()) throw std::logic_error("order: one role is needed for each output");
    for (const TensorDesc& d : s.out) types.push_back(d.dtype);
    for (size_t i = 0; i < roles.size(); ++i) {
      if (roles[i] == static_cast<int64_t>(OrderRole::positions) && types[i] == DType::int64) own = i;
    }
  }
  size_t workspace_bytes() const override {
    return own < roles.size() ? 0 : static_cast<size_t>(plan.outer * plan.k * plan.inner) * sizeof(int64_t);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    int64_t* order = static_cast<int64_t*>(own < roles.size() ? out[own] : static_cast<void*>(ctx.workspace));
    if (plan.outer * plan.n * plan.inner == 0) return;
    OrderRows<Device, T>::run(ctx, plan, x, order);
    for (size_t i = 0; i < roles.size(); ++i) {
      switch (static_cast<OrderRole>(roles[i])) {
        case OrderRole::values: take(ctx, x, order, static_cast<T*>(out[i])); break;
        case OrderRole::positions:
          if (i != own) store(ctx, order, out[i], types[i]);
          break;
        case OrderRole::mask: mark(ctx, order, static_cast<T*>(out[i])); break;
      }
    }
  }
  void take(const RunContext& ctx, const T* x, const int64_t* order, T* y) {
    const OrderPlan p = plan;
    Rows<Device>::pieces(ctx, p.outer, p.k * p.inner, [=] PT_LAMBDA(int64_t o, int64_t begin, int64_t end) {
      const T* from = x + o * p.n * p.inner;
      const int64_t* places = order + o * p.k * p.inner;
      T* to = y + o * p.k * p.inner;
      for (int64_t j = begin; j < end; ++j) to[j] = from[p.inner == 1 ? places[j] : places[j] * p.inner + j % p.inner];
    });
  }
  void store(const RunContext& ctx, const int64_t* order, void* y, DType type) {
    Launch<Device>::map(ctx, plan.outer * plan.k * plan.inner,
                        [=] PT_LAMBDA(int64_t at) { store_position(y, type, at, order[at]); });
  }
  void mark(const RunContext& ctx, const int64_t* order, T* y) {
    const OrderPlan p = plan;
    Launch<Device>::map(ctx, p.outer * p.n * p.inner,
                        [=] PT_LAMBDA(int64_t at) { y[at] = static_cast<T>(Compute<T>(0)); });
    Launch<Device>::map(ctx, p.outer * p.k * p.inner, [=] PT_LAMBDA(int64_t at) {
      const int64_t o = at / p.inner / p.k, i = at % p.inner;
      y[(o * p.n + order[at]) * p.inner + i] = static_cast<T>(Compute<T>(1));
    });
  }
  OrderPlan plan;
  Shape roles;
  std::vector<DType> types;
  size_t own = SIZE_MAX;  // the output that the order is written to, if there is one of its type
};

// (dY, positions) -> dX: zeros with dY at the positions along the axis.
template <class Device, class T>
struct OrderGradKernel : Kernel {
  explicit OrderGradKernel(const KernelSpec& s) : plan(plan_order(s)), type(s.in[1].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const IndexArray index{in[1], type};
    const OrderPlan p = plan;
    if (p.n == 0) return;
    Launch<Device>::map(ctx, p.outer * p.n * p.inner, [=] PT_LAMBDA(int64_t at) { dx[at] = T(0); });
    Launch<Device>::map(ctx, p.outer * p.k * p.inner, [=] PT_LAMBDA(int64_t at) {
      const int64_t o = at / p.inner / p.k, i = at % p.inner;
      dx[(o * p.n + inside(index[at], p.n, Outside::clip)) * p.inner + i] = dy[at];
    });
  }
  OrderPlan plan;
  DType type;
};

template <class Device>
void register_order(Registry& r) {
  r.add("order", [](const KernelSpec& s) {
    return dispatch(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<OrderKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("order_grad", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    switch (size_of(s.out[0].dtype)) {
      case 1: return std::make_unique<OrderGradKernel<Device, uint8_t>>(s);
      case 2: return std::make_unique<OrderGradKernel<Device, uint16_t>>(s);
      case 4: return std::make_unique<OrderGradKernel<Device, uint32_t>>(s);
      default: return std::make_unique<OrderGradKernel<Device, uint64_t>>(s);
    }
  });
}

}  // namespace paratrain
