#include "core/pool.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace paratrain {
namespace {

constexpr size_t kAlign = 64;
// Large blocks lie on pages of 2 MiB where the system has them: one entry of the processor's table of pages serves 512
// times as much, which loops with long strides need, and there are fewer pages to clear at first use.
constexpr size_t kHugePage = 2u << 20, kHuge = 2 * kHugePage;

// Under AddressSanitizer every block is as large as it was asked for, and given back at once: nothing lies between an
// array and what guards it.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kGuarded = true;
#else
constexpr bool kGuarded = false;
#endif

void* allocate(size_t size) {
  const bool huge = !kGuarded && size >= kHuge;
  void* block = nullptr;
  if (posix_memalign(&block, huge ? kHugePage : kAlign, size) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  // whole pages only, so that the end of a block takes no more memory; it is a hint: where it is refused nothing
  // changes
  if (huge) madvise(block, size / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  return block;
}

// Small sizes round up to a power of two; from 64 KiB on to an eighth of it, so at most 12.5 % is lost.
size_t size_class(size_t bytes, bool exact) {
  if (kGuarded) return bytes;
  if (exact) return (bytes + kAlign - 1) / kAlign * kAlign;
  size_t power = kAlign;
  while (power < bytes) power *= 2;
  if (power <= (64u << 10)) return power;
  const size_t step = power / 16;
  return (bytes + step - 1) / step * step;
}

struct Pool {
  std::mutex lock;
  std::map<size_t, std::vector<void*>> free_blocks;
  PoolUsage usage{0, 0, 0};

  void release() {
    for (auto& entry : free_blocks) {
      for (void* block : entry.second) std::free(block);
    }
    free_blocks.clear();
    usage.pooled = 0;
  }
};

// Never destroyed: arrays may outlive the end of main.
Pool& pool() {
  static Pool* p = new Pool;
  return *p;
}

}  // namespace

void* pool_alloc(size_t bytes, bool exact) {
  if (bytes > PTRDIFF_MAX / 2) throw std::bad_alloc();  // size_class would run over
  const size_t size = size_class(bytes, exact);
  if (size == 0) return nullptr;
  Pool& p = pool();
  std::lock_guard<std::mutex> hold(p.lock);
  void* block = nullptr;
  auto it = p.free_blocks.find(size);
  if (!exact && it != p.free_blocks.end() && !it->second.empty()) {
    block = it->second.back();
    it->second.pop_back();
    p.usage.pooled -= static_cast<int64_t>(size);
  } else {
    block = allocate(size);
    if (block == nullptr) {
      p.release();
      block = allocate(size);
    }
    if (block == nullptr) throw std::bad_alloc();
  }
  p.usage.used += static_cast<int64_t>(size);
  if (p.usage.used > p.usage.peak) p.usage.peak = p.usage.used;
  return block;
}

void pool_free(void* block, size_t bytes, bool exact) noexcept {
  if (block == nullptr) return;
  const size_t size = size_class(bytes, exact);
  Pool& p = pool();
  std::lock_guard<std::mutex> hold(p.lock);
  p.usage.used -= static_cast<int64_t>(size);
  if (exact || kGuarded) {
    std::free(block);
    return;
  }
  p.usage.pooled += static_cast<int64_t>(size);
  p.free_blocks[size].push_back(block);
}

PoolUsage pool_usage() {
  Pool& p = pool();
  std::lock_guard<std::mutex> hold(p.lock);
  return p.usage;
}

void pool_reset_peak() {
  Pool& p = pool();
  std::lock_guard<std::mutex> hold(p.lock);
  p.usage.peak = p.usage.used;
}

void pool_release() {
  Pool& p = pool();
  {
    std::lock_guard<std::mutex> hold(p.lock);
    p.release();
  }
#ifdef __GLIBC__
  malloc_trim(0);  // small blocks, and what else the process has freed
#endif
}

}  // namespace paratrain
