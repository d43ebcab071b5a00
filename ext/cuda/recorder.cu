// Runs of a program as a CUDA graph.
//
// What is recorded goes into a stream of its own: the GPU's stream is also used by other threads (copies, NCCL), whose
// work would be recorded along with it, and whose waiting would end the recording.
#include "core/kernel.h"
#include "cuda/cuda_library.h"
#include "cuda/handles.h"

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

cudaStream_t create() {
  cudaStream_t stream = nullptr;
  PT_CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return stream;
}

// Streams to record in.  They stay, for the handles of cuBLAS and cuDNN remember the one that they were used with last.
Handles<cudaStream_t>& streams() {
  static auto* all = new Handles<cudaStream_t>(create);
  return *all;
}

class GraphRecorder final : public Recorder {
 public:
  GraphRecorder() : device_(device()), own_(streams().lease()) {
    PT_CUDA(cudaMalloc(reinterpret_cast<void**>(&key_), 2 * sizeof(uint64_t)));
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
    cudaSetDevice(before);
    cudaGetLastError();
  }
  GraphRecorder(const GraphRecorder&) = delete;
  GraphRecorder& operator=(const GraphRecorder&) = delete;

  void* begin() override {
    if (last_) PT_CUDA(cudaStreamSynchronize(last_));
    PT_CUDA(cudaStreamBeginCapture(own_, cudaStreamCaptureModeThreadLocal));
    return static_cast<cudaStream_t>(own_);
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
  Handles<cudaStream_t>::Lease own_;
  cudaStream_t last_ = nullptr;  // where it was replayed
  uint64_t* key_ = nullptr;
  cudaGraphExec_t made_ = nullptr;
};

}  // namespace
}  // namespace cuda

std::unique_ptr<Recorder> make_recorder() { return std::make_unique<cuda::GraphRecorder>(); }

}  // namespace paratrain
