// FullyConnected and its gradients as matrix products of oneDNN, on row-major arrays as they are: float32, and bfloat16
// with sums in float32.
#include "kernels/dnnl/common.h"
#include "kernels/nn/fully_connected.h"

namespace paratrain::onednn {
namespace {

using Dims = dnnl::memory::dims;

DnnlDesc matrix(int64_t rows, int64_t columns, DType type, bool transposed = false) {
  const Dims strides = transposed ? Dims{1, rows} : Dims{columns, 1};
  return DnnlDesc({rows, columns}, type_of(type), strides);
}

// result = a b [+ bias along the columns]
class Product : public PrimitiveKernel {
 protected:
  using PrimitiveKernel::PrimitiveKernel;
  void product(size_t a_index, const DnnlDesc& a, size_t b_index, const DnnlDesc& b, const DnnlDesc& result,
               const DnnlDesc* bias = nullptr, const dnnl::primitive_attr& attr = attributes()) {
    using PD = dnnl::matmul::primitive_desc;
    const PD pd = bias ? PD(engine(), a, b, *bias, result, attr) : PD(engine(), a, b, result, attr);
    if (is_reference(pd)) throw dnnl::error(dnnl_unimplemented, "only the slow reference implementation");
    input(DNNL_ARG_SRC, a_index, a, a, false);
    input(DNNL_ARG_WEIGHTS, b_index, b, b, false);
    if (bias) input(DNNL_ARG_BIAS, 2, *bias, *bias, false);
    output(DNNL_ARG_DST, 0, result, result, false);
    primitive(dnnl::matmul(pd), pd);
  }
};

// (data, weight[, bias]) -> result
class Forward final : public Product {
 public:
  explicit Forward(const KernelSpec& s) : Product(s) {
    const DType t = s.in[0].dtype;
    const int64_t units = s.in[1].shape[0], inner = s.in[1].shape[1], rows = s.out[0].size() / units;
    const DnnlDesc bias = matrix(1, units, t), result = matrix(rows, units, t);
    product(0, matrix(rows, inner, t), 1, matrix(inner, units, t, true), result, s.in.size() > 2 ? &bias : nullptr,
            attributes_with(Tail(s.attrs), result));
  }
};

// (dY, weight, ...) -> dX
class DataGrad final : public Product {
 public:
  explicit DataGrad(const KernelSpec& s) : Product(s) {
    const DType t = s.in[0].dtype;
    const int64_t units = s.in[1].shape[0], inner = s.in[1].shape[1], rows = s.in[0].size() / units;
    product(0, matrix(rows, units, t), 1, matrix(units, inner, t), matrix(rows, inner, t));
  }
};

// (dY, data) -> dW[, db]
class WeightGrad final : public Product {
 public:
  explicit WeightGrad(const KernelSpec& s)
      : Product(s),
        units_(s.out[0].shape[0]),
        rows_(s.in[0].size() / units_),
        has_bias_(s.out.size() > 1),
        type_(s.in[0].dtype) {
    const DType t = type_;
    const int64_t inner = s.out[0].shape[1];
    product(0, matrix(units_, rows_, t, true), 1, matrix(rows_, inner, t), matrix(units_, inner, t));
  }

 private:
  void after(char*, void* const* in, void* const* out) override {
    if (!has_bias_) return;
    if (type_ == DType::float32) {
      sum_rows(static_cast<const float*>(in[0]), static_cast<float*>(out[1]));
    } else {
      sum_rows(static_cast<const BFloat16*>(in[0]), static_cast<BFloat16*>(out[1]));
    }
  }
  // dy: (rows, units); db: (units,)
  template <class T>
  void sum_rows(const T* dy, T* db) const {
    constexpr int64_t kBlock = 256;
    const int64_t blocks = (units_ + kBlock - 1) / kBlock;
#pragma omp parallel for schedule(static) if (blocks > 1 && rows_ * units_ > 65536)
    for (int64_t block = 0; block < blocks; ++block) {
      const int64_t begin = block * kBlock, n = std::min(kBlock, units_ - begin);
      float sum[kBlock] = {};
      for (int64_t r = 0; r < rows_; ++r) {
        const T* row = dy + r * units_ + begin;
        for (int64_t u = 0; u < n; ++u) sum[u] += static_cast<float>(row[u]);
      }
      for (int64_t u = 0; u < n; ++u) db[begin + u] = static_cast<T>(sum[u]);
    }
  }
  int64_t units_, rows_;
  bool has_bias_;
  DType type_;
};

template <class Class>
std::unique_ptr<Kernel> make_product(const KernelSpec& s) {
  return supports(s.in[0].dtype) ? std::make_unique<Class>(s) : nullptr;
}

}  // namespace

void register_matmul(Registry& r) {
  r.add("fully_connected", guarded(make_product<Forward>));
  r.add("fully_connected_act", guarded(make_product<Forward>));
  r.add("fully_connected_data_grad", guarded(make_product<DataGrad>));
  r.add("fully_connected_weight_grad", guarded(make_product<WeightGrad>));
}

}  // namespace paratrain::onednn
