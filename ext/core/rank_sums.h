// Sums over the ranks of the job, for kernels that need them in the middle of a program.
#pragma once
#include <cstdint>

namespace paratrain {

// Adds values up over the ranks, in place; not 0: it failed, and whoever does it knows why.
using SumOverRanks = int (*)(double* values, int64_t n);

// Null where there is one rank only: the sums are those of this rank.
void set_sum_over_ranks(SumOverRanks sum);

// Throws ForeignError where adding up failed.
void sum_over_ranks(double* values, int64_t n);

}  // namespace paratrain
