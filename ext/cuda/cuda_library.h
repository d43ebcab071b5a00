// What each part of libparatrain_cuda.so adds to the table of kernels.
#pragma once
#include "kernels/families.h"

namespace paratrain {

void register_cuda_chain(Registry& r);
void register_cublas_gemm(Registry& r);
void register_cublas_fully_connected(Registry& r);
void register_cudnn_convolution(Registry& r);
void register_cudnn_batch_norm(Registry& r);
void register_cudnn_softmax(Registry& r);

// Callbacks once a stream has passed, its errors, waiting for it, and CUDA graphs.
StreamHooks stream_hooks();
std::unique_ptr<Recorder> make_recorder();

// The function of a compiled chain, for as long as the process lives; `binary`: a cubin.
void* load_chain(const void* binary);

}  // namespace paratrain
