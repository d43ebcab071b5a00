// Orders on the CPU: every row is sorted, or searched for its first elements, by one thread.
#pragma once
#include <algorithm>
#include <limits>

#include "kernels/launch/rows_cpu.h"
#include "kernels/order/order.h"
#include "kernels/order/words_cpu.h"

namespace paratrain {

template <class T>
struct OrderRows<Cpu, T> {
  static void run(const RunContext& ctx, const OrderPlan& p, const T* x, int64_t* order) {
    if (sizeof(T) <= 4 && p.n <= std::numeric_limits<uint32_t>::max()) return rows<uint64_t>(ctx, p, x, order);
    rows<order::Wide>(ctx, p, x, order);
  }

 private:
  template <class Word>
  static void rows(const RunContext& ctx, const OrderPlan& plan, const T* x, int64_t* order) {
    Rows<Cpu>::each(ctx, plan.outer * plan.inner, 16 * plan.n, [=](int64_t r) {
      const OrderPlan& p = plan;
      const int64_t o = r / p.inner, i = r % p.inner;
      const T* row = x + o * p.n * p.inner + i;
      order::First<Word> first(p.n, p.k);
      order::Key<Word> keys[order::kBlock];
      for (int64_t place = 0; place < p.n; place += order::kBlock) {
        const int64_t n = std::min(p.n - place, order::kBlock);
        if (p.inner == 1) {
          order::load_keys(row + place, 1, n, p.ascending, keys);
        } else {
          order::load_keys(row + place * p.inner, p.inner, n, p.ascending, keys);
        }
        first.add(keys, place, n);
      }
      const Word* words = first.sorted();
      for (int64_t j = 0; j < p.k; ++j) order[(o * p.k + j) * p.inner + i] = order::place_of(words[j]);
    });
  }
};

}  // namespace paratrain
