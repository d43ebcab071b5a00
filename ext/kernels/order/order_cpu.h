// Orders on the CPU: every row is sorted (or partly sorted) by one thread.
#pragma once
#include <algorithm>

#include "kernels/launch/rows_cpu.h"
#include "kernels/order/order.h"

namespace paratrain {

template <class T>
struct OrderRows<Cpu, T> {
  static void run(const RunContext& ctx, const OrderPlan& p, const T* x, int64_t* order) {
    using C = Compute<T>;
    struct Item {
      C value;
      int64_t place;
    };
    Rows<Cpu>::each(ctx, p.outer * p.inner, 16 * p.n, [=](int64_t r) {
      const int64_t o = r / p.inner, i = r % p.inner;
      const T* row = x + o * p.n * p.inner + i;
      std::vector<Item> items(static_cast<size_t>(p.n));
      for (int64_t j = 0; j < p.n; ++j) items[static_cast<size_t>(j)] = {static_cast<C>(row[j * p.inner]), j};
      const bool ascending = p.ascending;
      const auto before = [ascending](const Item& a, const Item& b) {
        return comes_before(a.value, a.place, b.value, b.place, ascending);
      };
      if (p.k == p.n) {
        std::sort(items.begin(), items.end(), before);
      } else {
        std::partial_sort(items.begin(), items.begin() + p.k, items.end(), before);
      }
      for (int64_t j = 0; j < p.k; ++j) order[(o * p.k + j) * p.inner + i] = items[static_cast<size_t>(j)].place;
    });
  }
};

}  // namespace paratrain
