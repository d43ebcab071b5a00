// Normalisation of rows that lie in one piece (layer normalisation over the last axis) by oneDNN.
#include <cmath>

#include "kernels/dnnl/common.h"
#include "kernels/nn/row_norm.h"

namespace paratrain::onednn {
namespace {

using dnnl::normalization_flags;
using dnnl::prop_kind;

struct Problem {
  explicit Problem(const KernelSpec& s) : g(row_geometry(s.attrs)) {
    const DType t = s.in[0].dtype;
    if (t != DType::float32 || g.inner != 1 || g.gammas != 0) {
      throw dnnl::error(dnnl_unimplemented, "rows that do not lie in one piece");
    }
    data = row_major({g.outer, g.length}, t);
    rows = row_major({g.outer}, t);
    row = row_major({g.length}, t);
  }
  dnnl::layer_normalization_forward::primitive_desc forward() const {
    return dnnl::layer_normalization_forward::primitive_desc(engine(), prop_kind::forward_training, data, data, rows,
                                                             static_cast<float>(g.eps), flags(), attributes());
  }
  static normalization_flags flags() { return normalization_flags::use_scale | normalization_flags::use_shift; }
  RowGeometry g;
  DnnlDesc data, rows, row;
};

// (data, gamma, beta) -> result, mean, standard deviation
class Forward final : public PrimitiveKernel {
 public:
  explicit Forward(const KernelSpec& s) : PrimitiveKernel(s), g_(row_geometry(s.attrs)) {
    const Problem p(s);
    const auto pd = p.forward();
    input(DNNL_ARG_SRC, 0, p.data, p.data, false);
    input(DNNL_ARG_SCALE, 1, p.row, p.row, false);
    input(DNNL_ARG_SHIFT, 2, p.row, p.row, false);
    output(DNNL_ARG_DST, 0, p.data, p.data, false);
    output(DNNL_ARG_MEAN, 1, p.rows, p.rows, false);
    output(DNNL_ARG_VARIANCE, 2, p.rows, p.rows, false);
    primitive(dnnl::layer_normalization_forward(pd), pd);
  }

 private:
  void after(char*, void* const*, void* const* out) override {
    float* deviation = static_cast<float*>(out[2]);
    const float eps = static_cast<float>(g_.eps);
    for (int64_t r = 0; r < g_.outer; ++r) deviation[r] = std::sqrt(deviation[r] + eps);
  }
  RowGeometry g_;
};

// (dY, data, gamma, mean, standard deviation) -> dX, dgamma, dbeta
class Backward final : public PrimitiveKernel {
 public:
  explicit Backward(const KernelSpec& s) : PrimitiveKernel(s), g_(row_geometry(s.attrs)) {
    const Problem p(s);
    const dnnl::layer_normalization_backward::primitive_desc pd(engine(), prop_kind::backward, p.data, p.data, p.data,
                                                                p.rows, static_cast<float>(g_.eps), Problem::flags(),
                                                                p.forward(), attributes());
    input(DNNL_ARG_DIFF_DST, 0, p.data, p.data, false);
    input(DNNL_ARG_SRC, 1, p.data, p.data, false);
    input(DNNL_ARG_SCALE, 2, p.row, p.row, false);
    input(DNNL_ARG_SHIFT, 2, p.row, p.row, false);  // must be there, is not read
    input(DNNL_ARG_MEAN, 3, p.rows, p.rows, false);
    variance_ = scratch(DNNL_ARG_VARIANCE, p.rows);
    output(DNNL_ARG_DIFF_SRC, 0, p.data, p.data, false);
    output(DNNL_ARG_DIFF_SCALE, 1, p.row, p.row, false);
    output(DNNL_ARG_DIFF_SHIFT, 2, p.row, p.row, false);
    primitive(dnnl::layer_normalization_backward(pd), pd);
  }

 private:
  void before(char* workspace, void* const* in, void* const*) override {
    const float* deviation = static_cast<const float*>(in[4]);
    float* variance = reinterpret_cast<float*>(workspace + variance_);
    const float eps = static_cast<float>(g_.eps);
    for (int64_t r = 0; r < g_.outer; ++r) variance[r] = std::max(deviation[r] * deviation[r] - eps, 0.0f);
  }
  RowGeometry g_;
  size_t variance_ = 0;
};

template <class Class>
std::unique_ptr<Kernel> make_row_norm(const KernelSpec& s) {
  return std::make_unique<Class>(s);
}

}  // namespace

void register_layer_norm(Registry& r) {
  r.add("row_norm", guarded(make_row_norm<Forward>));
  r.add("row_norm_grad", guarded(make_row_norm<Backward>));
}

}  // namespace paratrain::onednn
