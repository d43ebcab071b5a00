// The entry points of libparatrain_cuda.so, called through ctypes by ext/cuda.py.  They return 0, or -1 and a message.
#include <cublas_v2.h>
#include <cudnn.h>

#include <cstring>

#include "cuda/cuda_common.h"
#include "cuda/cuda_library.h"
#include "cuda/exports.h"
#include "kernels/cudnn/plan.h"

namespace paratrain {
namespace {

void register_all(Registry& r) {
#define PT_REGISTER(family) register_##family<Cuda>(r);
  PT_FAMILIES(PT_REGISTER)
#undef PT_REGISTER
  register_cuda_chain(r);
  // after the plain kernels, so that they are asked first
  register_cublas_gemm(r);
  register_cublas_fully_connected(r);
  register_cudnn_convolution(r);
  register_cudnn_batch_norm(r);
  register_cudnn_softmax(r);
  r.stream = stream_hooks();
}

Registry* engines = nullptr;  // the engine's table of GPU kernels

}  // namespace

// Kernels that are made of other kernels ask here; the table of CPU kernels is the engine's own.
Registry& registry(DeviceType device) {
  if (device != DeviceType::gpu || !engines) throw std::logic_error("only the table of GPU kernels is known here");
  return *engines;
}

StreamHooks stream_hooks() {
  StreamHooks hooks;
  hooks.after = [](void* stream, void (*call)(void*), void* data) {
    PT_CUDA(cudaLaunchHostFunc(cuda::stream_of(stream), call, data));
  };
  hooks.check = [](void* stream) {
    const cudaError_t status = cudaStreamQuery(cuda::stream_of(stream));
    if (status != cudaErrorNotReady) PT_CUDA(status);
  };
  hooks.wait = [](void* stream) { PT_CUDA(cudaStreamSynchronize(cuda::stream_of(stream))); };
  hooks.recorder = make_recorder;
  hooks.read = [](void* stream, void* host, const void* device, size_t bytes) {
    PT_CUDA(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, cuda::stream_of(stream)));
    PT_CUDA(cudaStreamSynchronize(cuda::stream_of(stream)));
  };
  hooks.write = [](void* stream, void* device, const void* host, size_t bytes) {
    // from pageable memory: it has been copied to a buffer of the driver when the call returns
    PT_CUDA(cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, cuda::stream_of(stream)));
  };
  return hooks;
}

}  // namespace paratrain

using paratrain::cuda::guarded;

// Must equal kAbi of the engine that loads the library.
PT_EXPORT int paratrain_cuda_abi() { return paratrain::kAbi; }

// What the library was compiled with, and which cuBLAS and cuDNN it runs with.
PT_EXPORT const char* paratrain_cuda_version() {
  static const std::string text = [] {
    const auto dotted = [](size_t v, size_t big, size_t small) {
      return std::to_string(v / big) + "." + std::to_string(v % big / small) + "." + std::to_string(v % small);
    };
    int major = 0, minor = 0, patch = 0;
    cublasGetProperty(MAJOR_VERSION, &major);
    cublasGetProperty(MINOR_VERSION, &minor);
    cublasGetProperty(PATCH_LEVEL, &patch);
    return "CUDA " + std::to_string(CUDART_VERSION / 1000) + "." + std::to_string(CUDART_VERSION % 1000 / 10) +
           ", sm " PT_CUDA_ARCHS ", cuBLAS " + std::to_string(major) + "." + std::to_string(minor) + "." +
           std::to_string(patch) + ", cuDNN " + dotted(cudnnGetVersion(), 10000, 100);
  }();
  return text.c_str();
}

// Message of the last call of this thread that returned -1.
PT_EXPORT const char* paratrain_cuda_error() { return paratrain::cuda::last_error(); }

// Fills the engine's table of GPU kernels.  Needs no GPU.
PT_EXPORT int paratrain_cuda_register(paratrain::Registry* registry) {
  return guarded([&] {
    paratrain::register_all(*registry);
    paratrain::engines = registry;
  });
}

// Names of all kernels, one a line, sorted: writes at most `size` bytes and returns how many there are.  Needs no GPU.
PT_EXPORT int64_t paratrain_cuda_kernel_names(char* buffer, int64_t size) {
  int64_t bytes = -1;
  guarded([&] {
    paratrain::Registry all;
    paratrain::register_all(all);
    std::string text;
    for (const std::string& name : all.names()) text += name + "\n";
    std::memcpy(buffer, text.data(), std::min(text.size(), static_cast<size_t>(std::max<int64_t>(size, 0))));
    bytes = static_cast<int64_t>(text.size());
  });
  return bytes;
}

// Makes a GPU the one that this thread works with: its primary context becomes current.
PT_EXPORT int paratrain_cuda_use(int device) {
  return guarded([&] { PT_CUDA(cudaSetDevice(device)); });
}

// At the end of the process: what is still there goes with the driver, which may be gone by the time it is destroyed.
PT_EXPORT void paratrain_cuda_close() { paratrain::cuda::close(); }

// The function of a chain from the bytes of its cubin; null and a message where that fails.
PT_EXPORT void* paratrain_cuda_load_chain(const void* binary) {
  void* function = nullptr;
  guarded([&] { function = paratrain::load_chain(binary); });
  return function;
}

// Where the choice of cuDNN's algorithms is kept; see PlanStore.
PT_EXPORT void paratrain_cuda_keep_plans(int (*find)(const char*, char*, int64_t),
                                         void (*keep)(const char*, char*, int64_t)) {
  paratrain::cudnn::plan_store() = {find, keep};
}

// Copies between two GPUs in the order of a stream.
PT_EXPORT int paratrain_cuda_copy_peer(void* target, int target_device, const void* source, int source_device,
                                       int64_t bytes, void* stream) {
  return guarded([&] {
    PT_CUDA(cudaMemcpyPeerAsync(target, target_device, source, source_device, static_cast<size_t>(bytes),
                                paratrain::cuda::stream_of(stream)));
  });
}
