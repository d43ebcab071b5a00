// Pooled host memory: freed blocks are kept by size class and given out again.
#pragma once
#include <cstddef>
#include <cstdint>

namespace paratrain {

struct PoolUsage {
  int64_t used;    // bytes in blocks given out
  int64_t pooled;  // bytes in blocks kept for reuse
  int64_t peak;    // highest value of used since the last reset
};

// 64-byte aligned; throws std::bad_alloc.  exact: for few, large blocks: no more than the next multiple of 64 bytes,
// none for none, and given back to the system when freed.  To be freed with the same arguments.
void* pool_alloc(size_t bytes, bool exact);
void pool_free(void* block, size_t bytes, bool exact) noexcept;
PoolUsage pool_usage();
void pool_reset_peak();
void pool_release();  // gives the kept blocks back to the system

}  // namespace paratrain
