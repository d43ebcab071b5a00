#include "core/subnormal.h"

#include <omp.h>

namespace paratrain {

void flush_subnormals_in_workers() {
  // OpenMP keeps its threads; another number of them may mean new ones.
  thread_local int done = 1;
  const int threads = omp_get_max_threads();
  if (threads == done) return;
#pragma omp parallel
  {
    if (omp_get_thread_num() != 0) flush_subnormals();
  }
  done = threads;
}

}  // namespace paratrain
