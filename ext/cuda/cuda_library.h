// What each part of libparatrain_cuda.so adds to the table of kernels.
#pragma once
#include "kernels/families.h"

namespace paratrain {

void register_cublas_gemm(Registry& r);
void register_cublas_fully_connected(Registry& r);
void register_cudnn_convolution(Registry& r);
void register_cudnn_batch_norm(Registry& r);
void register_cudnn_softmax(Registry& r);

// Callbacks once a stream has passed, its errors, and waiting for it.
StreamHooks stream_hooks();

}  // namespace paratrain
