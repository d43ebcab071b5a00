// What the kernels of cuDNN share: handles, descriptors that free themselves, types.
#pragma once
#include <cudnn.h>

#include "core/kernel.h"
#include "cuda/handles.h"

namespace paratrain::cudnn {

// What cuDNN does not support; the factory of a kernel then answers with null and the plain kernel is taken.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void check(cudnnStatus_t status, const char* call, const char* file, int line);
#define PT_CUDNN(call) ::paratrain::cudnn::check((call), #call, __FILE__, __LINE__)

cuda::Handles<cudnnHandle_t>& handles();
inline void use_stream(cudnnHandle_t handle, const RunContext& ctx) {
  PT_CUDNN(cudnnSetStream(handle, cuda::stream_of(ctx.stream)));
}

bool supports(DType type);
cudnnDataType_t type_of(DType type);

// Scaling factors are double for double data, float for everything else.
class Factor {
 public:
  Factor(DType type, double value) : wide_(type == DType::float64), d_(value), f_(static_cast<float>(value)) {}
  operator const void*() const { return wide_ ? static_cast<const void*>(&d_) : &f_; }

 private:
  bool wide_;
  double d_;
  float f_;
};

template <class D, cudnnStatus_t (*Create)(D*), cudnnStatus_t (*Destroy)(D)>
class Descriptor {
 public:
  Descriptor() { PT_CUDNN(Create(&d_)); }
  ~Descriptor() { Destroy(d_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator D() const { return d_; }

 private:
  D d_ = nullptr;
};
using Tensor = Descriptor<cudnnTensorDescriptor_t, cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor>;
using Filter = Descriptor<cudnnFilterDescriptor_t, cudnnCreateFilterDescriptor, cudnnDestroyFilterDescriptor>;
using Convolution =
    Descriptor<cudnnConvolutionDescriptor_t, cudnnCreateConvolutionDescriptor, cudnnDestroyConvolutionDescriptor>;

// Sizes as ints; throws Unsupported where they do not fit.
std::vector<int> ints(const Shape& shape);
// A row-major tensor of 4 or 5 axes.
void describe(const Tensor& tensor, DType type, const Shape& shape);

// The factory, answering null for empty arrays and for what cuDNN does not support.
Factory guarded(std::unique_ptr<Kernel> (*factory)(const KernelSpec&));

}  // namespace paratrain::cudnn
