// Blocks of one size for batches, used again when their last user lets go of them.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

namespace paratrain::io {

class BufferPool {
 public:
  // Keeps at most `spare` unused blocks of `bytes` bytes.
  BufferPool(size_t bytes, size_t spare) : bytes_((bytes + kAlign - 1) / kAlign * kAlign), spare_(spare) {}
  ~BufferPool() {
    for (void* block : free_) std::free(block);
  }
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  void* take() {
    {
      const std::lock_guard<std::mutex> hold(lock_);
      if (!free_.empty()) {
        void* block = free_.back();
        free_.pop_back();
        return block;
      }
      ++made_;
    }
    void* block = std::aligned_alloc(kAlign, bytes_ ? bytes_ : kAlign);
    if (!block) throw std::bad_alloc();
    return block;
  }

  void give_back(void* block) {
    const std::lock_guard<std::mutex> hold(lock_);
    if (free_.size() < spare_) {
      free_.push_back(block);
    } else {
      std::free(block);
    }
  }

  size_t made() const { return made_; }  // allocations so far

 private:
  static constexpr size_t kAlign = 64;  // bytes: a cache line, and what SIMD loads like
  const size_t bytes_, spare_;
  std::mutex lock_;
  std::vector<void*> free_;
  size_t made_ = 0;
};

}  // namespace paratrain::io
