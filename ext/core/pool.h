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

void* pool_alloc(size_t bytes);  // 64-byte aligned; throws std::bad_alloc
void pool_free(void* block, size_t bytes) noexcept;
PoolUsage pool_usage();
void pool_reset_peak();
void pool_release();  // gives the kept blocks back to the system

}  // namespace paratrain
