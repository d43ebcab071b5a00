#include "cuda/cuda_common.h"

#include <cstring>

namespace paratrain::cuda {

void fail(const char* library, const std::string& text, const char* call, const char* file, int line) {
  const char* slash = std::strrchr(file, '/');
  throw std::runtime_error(std::string(library) + ": " + text + " in " + call + " (" + (slash ? slash + 1 : file) + ":" +
                           std::to_string(line) + ")");
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

}  // namespace paratrain::cuda
