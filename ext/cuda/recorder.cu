// Runs of a program as a CUDA graph.
//
// What is recorded goes into a stream of its own: the GPU's stream is also used by other threads (copies, NCCL), whose
// work would be recorded along with it, and whose waiting would end the recording.
#include "core/kernel.h"
#include "cuda/cuda_common.h"
#include "cuda/cuda_library.h"

namespace paratrain {
namespace cuda {
namespace {

__global__ void write_key(uint64_t* key, uint64_t seed, uint64_t step) {
  key[0] = seed;
  key[1] = step;
}

struct DestroyGraph {
  void operator()(cudaGraph_t graph) const { cudaGraphDestroy(graph); }
};
using Graph = std::unique_ptr<std::remove_pointer_t<cudaGraph_t>, DestroyGraph>;

class GraphRecorder final : public Recorder {
 public:
  GraphRecorder() : device_(device()) {
    PT_CUDA(cudaStreamCreateWithFlags(&own_, cudaStreamNonBlocking));
    const cudaError_t status = cudaMalloc(reinterpret_cast<void**>(&key_), 2 * sizeof(uint64_t));
    if (status != cudaSuccess) cudaStreamDestroy(own_);
    PT_CUDA(status);
  }
  // Errors are left aside: nobody could do anything about them, and those of the work have been or will be reported.
  ~GraphRecorder() override {
    if (closed()) return;
    int before = 0;
    cudaGetDevice(&before);
    cudaSetDevice(device_);
    if (last_) cudaStreamSynchronize(last_);
    if (made_) cudaGraphExecDestroy(made_);
    cudaFree(key_);
    cudaStreamDestroy(own_);
    cudaSetDevice(before);
    cudaGetLastError();
  }
  GraphRecorder(const GraphRecorder&) = delete;
  GraphRecorder& operator=(const GraphRecorder&) = delete;

  void* begin() override {
    if (last_) PT_CUDA(cudaStreamSynchronize(last_));
    PT_CUDA(cudaStreamBeginCapture(own_, cudaStreamCaptureModeThreadLocal));
    return own_;
  }
  const uint64_t* key() const override { return key_; }
  bool recording() override {
    cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    PT_CUDA(cudaStreamIsCapturing(own_, &status));
    return status == cudaStreamCaptureStatusActive;
  }
  void give_up() noexcept override {
    cudaGraph_t graph = nullptr;
    cudaStreamEndCapture(own_, &graph);
    if (graph) cudaGraphDestroy(graph);
    cudaGetLastError();
  }
  void end() override {
    cudaGraph_t raw = nullptr;
    PT_CUDA(cudaStreamEndCapture(own_, &raw));
    const Graph graph(raw);
    if (made_) {
      // Other addresses: in most cases what was made before can be made over, which is faster.
      cudaGraphExecUpdateResultInfo info;
      if (cudaGraphExecUpdate(made_, graph.get(), &info) == cudaSuccess) return;
      cudaGetLastError();
      const cudaGraphExec_t old = made_;
      made_ = nullptr;
      PT_CUDA(cudaGraphExecDestroy(old));
    }
    PT_CUDA(cudaGraphInstantiate(&made_, graph.get(), 0));
  }
  void replay(void* stream, uint64_t seed, uint64_t step) override {
    last_ = stream_of(stream);
    write_key<<<1, 1, 0, last_>>>(key_, seed, step);
    PT_CUDA(cudaGetLastError());
    PT_CUDA(cudaGraphLaunch(made_, last_));
  }

 private:
  int device_;
  cudaStream_t own_ = nullptr, last_ = nullptr;
  uint64_t* key_ = nullptr;
  cudaGraphExec_t made_ = nullptr;
};

}  // namespace
}  // namespace cuda

std::unique_ptr<Recorder> make_recorder() { return std::make_unique<cuda::GraphRecorder>(); }

}  // namespace paratrain
