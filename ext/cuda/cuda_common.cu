#include "cuda/cuda_common.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "cuda/exports.h"
#include "cuda/handles.h"

namespace paratrain::cuda {

void fail(const char* library, const std::string& text, const char* call, const char* file, int line) {
  const char* slash = std::strrchr(file, '/');
  throw std::runtime_error(std::string(library) + ": " + text + " in " + call + " (" + (slash ? slash + 1 : file) +
                           ":" + std::to_string(line) + ")");
}

void check(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // an error that can be recovered from must not show up in the next check
  if (status == cudaErrorMemoryAllocation) throw std::bad_alloc();
  fail("CUDA", std::string(cudaGetErrorName(status)) + ", " + cudaGetErrorString(status), call, file, line);
}

int device() {
  int id = 0;
  PT_CUDA(cudaGetDevice(&id));
  return id;
}

static std::atomic<bool> is_closed{false};
bool closed() { return is_closed; }
void close() { is_closed = true; }

static thread_local std::string message;
const char* last_error() { return message.c_str(); }
void set_error(const char* text) { message = text; }

bool allow_tf32() {
  static const bool allowed = [] {
    const char* value = std::getenv("PARATRAIN_ALLOW_TF32");
    if (!value || std::strcmp(value, "0") == 0 || !*value) return false;
    if (std::strcmp(value, "1") == 0) return true;
    throw std::invalid_argument(std::string("PARATRAIN_ALLOW_TF32 must be 0 or 1; got ") + value);
  }();
  return allowed;
}

}  // namespace paratrain::cuda
