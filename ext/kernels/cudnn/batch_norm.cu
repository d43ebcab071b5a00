// Batch normalisation.  cuDNN keeps running variances of n - 1 degrees of freedom; ours, as on the CPU, have n, so the
// running statistics are updated here.
#include "cuda/cuda_library.h"
#include "kernels/cudnn/common.h"
#include "kernels/launch/cuda.cuh"
#include "kernels/nn/batch_norm.h"

namespace paratrain {
namespace cudnn {

// The data as (outer, channels, 1, inner).
class NormKernel : public Kernel {
 public:
  NormKernel(const KernelSpec& s, const TensorDesc& data)
      : g_(batch_norm_geometry(s.attrs, data.shape)), one_(data.dtype, 1), zero_(data.dtype, 0) {
    describe(data_, data.dtype, {g_.outer, g_.channels, 1, g_.inner});
    PT_CUDNN(cudnnDeriveBNTensorDescriptor(channels_, data_, CUDNN_BATCHNORM_SPATIAL));
  }
  std::string implementation() const override { return "cudnn"; }

 protected:
  BatchNormGeometry g_;
  Factor one_, zero_;
  Tensor data_, channels_;
};

// (data, gamma, beta, moving_mean, moving_var) -> result, mean, 1 / standard deviation; S: type of the statistics
template <class S>
class NormForward final : public NormKernel {
 public:
  explicit NormForward(const KernelSpec& s) : NormKernel(s, s.in[0]) {}
  size_t workspace_bytes() const override {
    return g_.batch_stats ? 2 * static_cast<size_t>(g_.channels) * sizeof(S) : 0;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    if (g_.fix_gamma) fill_ones(ctx, static_cast<S*>(in[1]));
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    if (!g_.batch_stats) {
      PT_CUDNN(cudnnBatchNormalizationForwardInference(handle, CUDNN_BATCHNORM_SPATIAL, one_, zero_, data_, in[0],
                                                       data_, out[0], channels_, in[1], in[2], in[3], in[4], g_.eps));
      return keep_statistics(ctx, in, out);
    }
    // With the factor 1 the "running" statistics are those of this batch.
    S* mean = reinterpret_cast<S*>(ctx.workspace);
    S* variance = mean + g_.channels;
    PT_CUDNN(cudnnBatchNormalizationForwardTraining(handle, CUDNN_BATCHNORM_SPATIAL, one_, zero_, data_, in[0], data_,
                                                    out[0], channels_, in[1], in[2], 1.0, mean, variance, g_.eps,
                                                    out[1], out[2]));
    update_moving(ctx, mean, variance, static_cast<S*>(in[3]), static_cast<S*>(in[4]));
  }
  void fill_ones(const RunContext& ctx, S* gamma) const {
    Launch<Cuda>::map(ctx, g_.channels, [=] PT_LAMBDA(int64_t c) { gamma[c] = S(1); });
  }
  void keep_statistics(const RunContext& ctx, void* const* in, void* const* out) const {
    const S* moving_mean = static_cast<const S*>(in[3]);
    const S* moving_var = static_cast<const S*>(in[4]);
    S* mean = static_cast<S*>(out[1]);
    S* inverse = static_cast<S*>(out[2]);
    const S eps = static_cast<S>(g_.eps);
    Launch<Cuda>::map(ctx, g_.channels, [=] PT_LAMBDA(int64_t c) {
      mean[c] = moving_mean[c];
      inverse[c] = S(1) / std::sqrt(moving_var[c] + eps);
    });
  }
  void update_moving(const RunContext& ctx, const S* mean, const S* variance, S* moving_mean, S* moving_var) const {
    const S keep = static_cast<S>(g_.momentum);
    const double n = static_cast<double>(g_.length());
    const S biased = static_cast<S>((n - 1) / n);
    Launch<Cuda>::map(ctx, g_.channels, [=] PT_LAMBDA(int64_t c) {
      moving_mean[c] = keep * moving_mean[c] + (S(1) - keep) * mean[c];
      moving_var[c] = keep * moving_var[c] + (S(1) - keep) * biased * variance[c];
    });
  }
};

// (dY, data, gamma, mean, 1 / standard deviation) -> dX, dgamma, dbeta, with the statistics of the batch
template <class S>
class NormBackward final : public NormKernel {
 public:
  explicit NormBackward(const KernelSpec& s) : NormKernel(s, s.in[1]) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    PT_CUDNN(cudnnBatchNormalizationBackward(handle, CUDNN_BATCHNORM_SPATIAL, one_, zero_, one_, zero_, data_, in[1],
                                             data_, in[0], data_, out[0], channels_, in[2], out[1], out[2], g_.eps,
                                             in[3], in[4]));
    if (!g_.fix_gamma) return;
    PT_CUDA(cudaMemsetAsync(out[1], 0, static_cast<size_t>(g_.channels) * sizeof(S), cuda::stream_of(ctx.stream)));
  }
};

template <template <class> class Class>
std::unique_ptr<Kernel> make_batch_norm(const KernelSpec& s) {
  switch (s.in[0].dtype) {
    case DType::float32:
    case DType::float16: return std::make_unique<Class<float>>(s);
    case DType::float64: return std::make_unique<Class<double>>(s);
    default: return nullptr;
  }
}

// Whether cuDNN's formulas are ours: one element has no variance, and a tiny eps is not allowed.
static bool suits(const BatchNormGeometry& g) {
  return g.eps >= CUDNN_BN_MIN_EPSILON && (!g.batch_stats || g.length() > 1);
}

static std::unique_ptr<Kernel> make_forward(const KernelSpec& s) {
  return suits(batch_norm_geometry(s.attrs, s.in[0].shape)) ? make_batch_norm<NormForward>(s) : nullptr;
}

static std::unique_ptr<Kernel> make_backward(const KernelSpec& s) {
  const BatchNormGeometry g = batch_norm_geometry(s.attrs, s.in[1].shape);
  return suits(g) && g.batch_stats ? make_batch_norm<NormBackward>(s) : nullptr;
}

}  // namespace cudnn

void register_cudnn_batch_norm(Registry& r) {
  r.add("batch_norm", cudnn::guarded(cudnn::make_forward));
  r.add("batch_norm_grad", cudnn::guarded(cudnn::make_backward));
}

}  // namespace paratrain
