// Batch normalisation by oneDNN, always with the channels innermost: its row-major kernels are several times slower
// than two reorders and the channels-last kernel together.
#include <cmath>

#include "kernels/dnnl/common.h"
#include "kernels/nn/batch_norm.h"

namespace paratrain::onednn {
namespace {

using dnnl::normalization_flags;
using dnnl::prop_kind;

// How the data lies (as it comes, and as the primitive wants it).
struct Problem {
  Problem(const KernelSpec& s, const TensorDesc& data) : g(batch_norm_geometry(s.attrs, data.shape)) {
    const DType t = data.dtype;
    const size_t axis = static_cast<size_t>(s.attrs.integer("axis"));
    if (data.shape.size() > 2 && data.shape.size() <= 5 && axis == 1) {
      negotiable = true;
      shape = data.shape;
    } else {
      shape = {g.outer, g.channels, 1, g.inner};
    }
    outer = row_major(shape, t);
    inner = channels_last(shape, t);
    channels = row_major({g.channels}, DType::float32);
  }
  normalization_flags flags(bool batch_stats) const {
    normalization_flags f = normalization_flags::use_shift;
    if (!g.fix_gamma) f = f | normalization_flags::use_scale;
    return batch_stats ? f : f | normalization_flags::use_global_stats;
  }
  dnnl::batch_normalization_forward::primitive_desc forward() const {
    const prop_kind kind = g.batch_stats ? prop_kind::forward_training : prop_kind::forward_inference;
    return dnnl::batch_normalization_forward::primitive_desc(engine(), kind, inner, inner, static_cast<float>(g.eps),
                                                             flags(g.batch_stats), attributes());
  }
  BatchNormGeometry g;
  bool negotiable = false;
  Shape shape;
  DnnlDesc outer, inner, channels;
};

// (data, gamma, beta, moving_mean, moving_var) -> result, mean, 1 / standard deviation.  A fixed gamma is set to 1.
class Forward final : public PrimitiveKernel {
 public:
  explicit Forward(const KernelSpec& s) : PrimitiveKernel(s) {
    const Problem p(s, s.in[0]);
    g_ = p.g;
    const auto pd = p.forward();
    input(DNNL_ARG_SRC, 0, p.outer, p.inner, p.negotiable);
    if (!g_.fix_gamma) input(DNNL_ARG_SCALE, 1, p.channels, p.channels, false);
    input(DNNL_ARG_SHIFT, 2, p.channels, p.channels, false);
    output(DNNL_ARG_DST, 0, p.outer, p.inner, p.negotiable);
    if (g_.batch_stats) {
      output(DNNL_ARG_MEAN, 1, p.channels, p.channels, false);
      variance_ = scratch(DNNL_ARG_VARIANCE, p.channels);
    } else {
      input(DNNL_ARG_MEAN, 3, p.channels, p.channels, false);
      input(DNNL_ARG_VARIANCE, 4, p.channels, p.channels, false);
    }
    primitive(dnnl::batch_normalization_forward(pd), pd);
  }

 private:
  void after(char* workspace, void* const* in, void* const* out) override {
    float* moving_mean = static_cast<float*>(in[3]);
    float* moving_var = static_cast<float*>(in[4]);
    float* mean = static_cast<float*>(out[1]);
    float* inverse = static_cast<float*>(out[2]);
    const float eps = static_cast<float>(g_.eps);
    if (g_.fix_gamma) std::fill_n(static_cast<float*>(in[1]), g_.channels, 1.0f);
    if (!g_.batch_stats) {
      for (int64_t c = 0; c < g_.channels; ++c) {
        mean[c] = moving_mean[c];
        inverse[c] = 1.0f / std::sqrt(moving_var[c] + eps);
      }
      return;
    }
    const float* variance = reinterpret_cast<const float*>(workspace + variance_);
    const float keep = static_cast<float>(g_.momentum);
    for (int64_t c = 0; c < g_.channels; ++c) {
      moving_mean[c] = keep * moving_mean[c] + (1.0f - keep) * mean[c];
      moving_var[c] = keep * moving_var[c] + (1.0f - keep) * variance[c];
      inverse[c] = 1.0f / std::sqrt(variance[c] + eps);
    }
  }
  BatchNormGeometry g_;
  size_t variance_ = 0;
};

// (dY, data, gamma, mean, 1 / standard deviation) -> dX, dgamma, dbeta
class Backward final : public PrimitiveKernel {
 public:
  explicit Backward(const KernelSpec& s) : PrimitiveKernel(s) {
    const Problem p(s, s.in[1]);
    g_ = p.g;
    const dnnl::batch_normalization_backward::primitive_desc pd(
        engine(), prop_kind::backward, p.inner, p.inner, p.inner, static_cast<float>(g_.eps), p.flags(g_.batch_stats),
        training_forward(p), attributes());
    input(DNNL_ARG_DIFF_DST, 0, p.outer, p.inner, p.negotiable);
    input(DNNL_ARG_SRC, 1, p.outer, p.inner, p.negotiable);
    input(DNNL_ARG_MEAN, 3, p.channels, p.channels, false);
    variance_ = scratch(DNNL_ARG_VARIANCE, p.channels);
    if (!g_.fix_gamma) {
      input(DNNL_ARG_SCALE, 2, p.channels, p.channels, false);
      output(DNNL_ARG_DIFF_SCALE, 1, p.channels, p.channels, false);
    }
    output(DNNL_ARG_DIFF_SHIFT, 2, p.channels, p.channels, false);
    output(DNNL_ARG_DIFF_SRC, 0, p.outer, p.inner, p.negotiable);
    primitive(dnnl::batch_normalization_backward(pd), pd);
  }

 private:
  static dnnl::batch_normalization_forward::primitive_desc training_forward(const Problem& p) {
    return dnnl::batch_normalization_forward::primitive_desc(engine(), prop_kind::forward_training, p.inner, p.inner,
                                                             static_cast<float>(p.g.eps), p.flags(p.g.batch_stats),
                                                             attributes());
  }
  void before(char* workspace, void* const* in, void* const* out) override {
    const float* inverse = static_cast<const float*>(in[4]);
    float* variance = reinterpret_cast<float*>(workspace + variance_);
    const float eps = static_cast<float>(g_.eps);
    for (int64_t c = 0; c < g_.channels; ++c) variance[c] = std::max(1.0f / (inverse[c] * inverse[c]) - eps, 0.0f);
    if (g_.fix_gamma) std::fill_n(static_cast<float*>(out[1]), g_.channels, 0.0f);
  }
  BatchNormGeometry g_;
  size_t variance_ = 0;
};

template <class Class>
std::unique_ptr<Kernel> make_batch_norm(const KernelSpec& s) {
  return supports(s.in[0].dtype) ? std::make_unique<Class>(s) : nullptr;
}

}  // namespace

void register_batch_norm(Registry& r) {
  r.add("batch_norm", guarded(make_batch_norm<Forward>));
  r.add("batch_norm_grad", guarded(make_batch_norm<Backward>));
}

}  // namespace paratrain::onednn
