#include "core/rank_sums.h"

#include <atomic>

#include "core/kernel.h"

namespace paratrain {
namespace {
std::atomic<SumOverRanks> chosen{nullptr};
}

void set_sum_over_ranks(SumOverRanks sum) { chosen = sum; }

void sum_over_ranks(double* values, int64_t n) {
  const SumOverRanks sum = chosen;
  if (sum && sum(values, n)) throw ForeignError();
}

}  // namespace paratrain
