// Collectives between the processes of one host, through memory that all of them have mapped.
//
// Each rank owns a segment: a line of flags and a ring of slots.  Work is cut into phases.  In a phase a rank writes
// to its own slot, posts the number of the phase, and waits until all have posted it; then it may read what the others
// wrote.  Slot number `phase % kSlots` is written before a phase is posted and is left alone until all have posted the
// second phase after it, so nobody ever waits for a reader.
//
// Sums are made in the order of the ranks, each element by one rank (or by all alike), so that results are the same on
// all ranks and in every run.  16-bit floats are added up as float and rounded once.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/kernel.h"

namespace paratrain {

// Asked now and then while a rank waits; another answer than 0 ends the wait with a ForeignError.
struct Patience {
  int (*look)(void* self, double seconds);
  void* self;
};

class HostComm {
 public:
  // Bytes of a rank's segment.
  static size_t segment_bytes();

  // `segments`: one of each rank, zeroed before anybody uses them.  `spin`: how often to look for the others before
  // the core is given away; 0 where ranks outnumber cores.
  HostComm(std::vector<void*> segments, int rank, int spin);

  void barrier(const Patience& patience);
  void allreduce(void* data, int64_t n, DType type, const Patience& patience);
  // `everyone` gets the `nbytes` of each rank in order.
  void allgather(const void* mine, void* everyone, int64_t nbytes, const Patience& patience);
  // Rank r has bytes bounds[r] to bounds[r + 1] of `data` and gets all others.
  void share(void* data, const std::vector<int64_t>& bounds, const Patience& patience);
  // `arrays`: one of each rank, mapped by all.  Elements `start` to `stop` of all become their sum.
  void sum_mapped(const std::vector<void*>& arrays, int64_t start, int64_t stop, DType type, const Patience& patience);
  // The same, but only elements bounds[r] to bounds[r + 1] of rank r become the sum.  Returns when this rank's are;
  // a barrier is needed before anybody changes his array.
  void scatter_mapped(const std::vector<void*>& arrays, int64_t start, int64_t stop, const std::vector<int64_t>& bounds,
                      DType type, const Patience& patience);

 private:
  struct Control;
  Control& control(int rank) const;
  char* slot(int rank, uint32_t phase) const;
  // Ends a phase.  `what` says what this rank is doing: those of all ranks must be equal.
  void meet(uint64_t what, const Patience& patience);
  void wait_for(int rank, uint32_t phase, const Patience& patience) const;
  void check(int rank, uint32_t phase, uint64_t what) const;
  void allreduce_small(void* data, int64_t n, DType type, uint64_t what, const Patience& patience);
  void allreduce_large(void* data, int64_t n, DType type, uint64_t what, const Patience& patience);

  std::vector<void*> segments_;
  int rank_, size_, spin_;
  uint32_t phase_ = 0;
};

// out[i] = in[0][i] + in[1][i] + ...; `out` may be one of them, and so may `copies`, which get the sums too.
void sum_arrays(const std::vector<const void*>& in, void* out, const std::vector<void*>& copies, int64_t n, DType type);

}  // namespace paratrain
