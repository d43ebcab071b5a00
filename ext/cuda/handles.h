// Handles of a CUDA library, kept for reuse: one is used by one thread at a time and belongs to one GPU.
#pragma once
#include <map>
#include <mutex>
#include <vector>

#include "cuda/cuda_common.h"

namespace paratrain::cuda {

// While it lives, this thread may do what is no part of a recording although a stream of its records: get memory.
class Unrecorded {
 public:
  Unrecorded() { PT_CUDA(cudaThreadExchangeStreamCaptureMode(&mode_)); }
  ~Unrecorded() { cudaThreadExchangeStreamCaptureMode(&mode_); }
  Unrecorded(const Unrecorded&) = delete;
  Unrecorded& operator=(const Unrecorded&) = delete;

 private:
  cudaStreamCaptureMode mode_ = cudaStreamCaptureModeRelaxed;
};

// Never destroyed, as a process may end when the driver is already gone.
template <class Handle>
class Handles {
 public:
  explicit Handles(Handle (*create)()) : create_(create) {}

  class Lease {
   public:
    Lease(Handles& owner, int device, Handle handle) : owner_(owner), device_(device), handle_(handle) {}
    ~Lease() { owner_.give_back(device_, handle_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    operator Handle() const { return handle_; }

   private:
    Handles& owner_;
    int device_;
    Handle handle_;
  };

  // A handle for the GPU that is current in this thread.
  Lease lease() {
    const int id = device();
    {
      std::lock_guard<std::mutex> hold(lock_);
      auto& idle = idle_[id];
      if (!idle.empty()) {
        const Handle handle = idle.back();
        idle.pop_back();
        return Lease(*this, id, handle);
      }
    }
    const Unrecorded outside;
    return Lease(*this, id, create_());
  }

 private:
  void give_back(int id, Handle handle) {
    std::lock_guard<std::mutex> hold(lock_);
    idle_[id].push_back(handle);
  }
  Handle (*create_)();
  std::mutex lock_;
  std::map<int, std::vector<Handle>> idle_;
};

// Environment variable PARATRAIN_ALLOW_TF32=1: float32 products and convolutions may round their factors to TF32.
bool allow_tf32();

}  // namespace paratrain::cuda
