#include "kernels/cudnn/common.h"

#include <limits>

namespace paratrain::cudnn {

void check(cudnnStatus_t status, const char* call, const char* file, int line) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  if (status == CUDNN_STATUS_ALLOC_FAILED) throw std::bad_alloc();
  // cuDNN 9 numbers its statuses by kind: 2000 bad parameter, 3000 not supported
  const int kind = static_cast<int>(status) / 1000;
  if (kind == 2 || kind == 3) throw Unsupported(std::string(cudnnGetErrorString(status)) + " in " + call);
  cuda::fail("cuDNN", cudnnGetErrorString(status), call, file, line);
}

static cudnnHandle_t create() {
  cudnnHandle_t handle = nullptr;
  PT_CUDNN(cudnnCreate(&handle));
  return handle;
}

cuda::Handles<cudnnHandle_t>& handles() {
  static auto* all = new cuda::Handles<cudnnHandle_t>(create);
  return *all;
}

bool supports(DType type) {
  return type == DType::float32 || type == DType::float64 || type == DType::float16 || type == DType::bfloat16;
}

cudnnDataType_t type_of(DType type) {
  switch (type) {
    case DType::float32: return CUDNN_DATA_FLOAT;
    case DType::float64: return CUDNN_DATA_DOUBLE;
    case DType::float16: return CUDNN_DATA_HALF;
    case DType::bfloat16: return CUDNN_DATA_BFLOAT16;
    default: throw std::logic_error(std::string("cuDNN is not used for ") + name_of(type));
  }
}

std::vector<int> ints(const Shape& shape) {
  std::vector<int> out;
  for (int64_t size : shape) {
    if (size > std::numeric_limits<int>::max()) throw Unsupported("a size does not fit into 32 bits");
    out.push_back(static_cast<int>(size));
  }
  return out;
}

void describe(const Tensor& tensor, DType type, const Shape& shape) {
  Shape strides(shape.size());
  int64_t step = 1;
  for (size_t d = shape.size(); d-- > 0; step *= shape[d]) strides[d] = step;
  PT_CUDNN(cudnnSetTensorNdDescriptor(tensor, type_of(type), static_cast<int>(shape.size()), ints(shape).data(),
                                      ints(strides).data()));
}

Factory guarded(std::unique_ptr<Kernel> (*factory)(const KernelSpec&)) {
  return [factory](const KernelSpec& spec) -> std::unique_ptr<Kernel> {
    for (const auto* tensors : {&spec.in, &spec.out}) {
      for (const TensorDesc& d : *tensors) {
        if (d.size() == 0) return nullptr;
      }
    }
    try {
      return factory(spec);
    } catch (const Unsupported&) {
      return nullptr;
    }
  };
}

}  // namespace paratrain::cudnn
