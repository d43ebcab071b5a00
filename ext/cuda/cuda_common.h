// What the CUDA sources share: every status of the CUDA libraries is checked, with file and line in the message.
#pragma once
#include <cuda_runtime.h>

#include <new>
#include <stdexcept>
#include <string>

namespace paratrain::cuda {

// Throws runtime_error (bad_alloc where memory has run out) unless the call succeeded.
void check(cudaError_t status, const char* call, const char* file, int line);
// The part that all libraries share: "cuBLAS: <text> in <call> (file:line)".
[[noreturn]] void fail(const char* library, const std::string& text, const char* call, const char* file, int line);

// The GPU that is current in this thread.
int device();
// Whether the process has let go of its GPUs: no call of the CUDA libraries makes sense any more.
bool closed();
void close();
inline cudaStream_t stream_of(void* stream) { return static_cast<cudaStream_t>(stream); }

}  // namespace paratrain::cuda

#define PT_CUDA(call) ::paratrain::cuda::check((call), #call, __FILE__, __LINE__)
