// Batch normalisation with what follows it (addition, relu or clip) on channels-last arrays, seen as rows of channels.
//
// The loops are our own: memory is the limit, so every pass counts.  Forward reads the data twice and writes the result
// once; backward reads dY and the data twice and may write dX over the data.  (oneDNN's kernel for this order took ten
// times as long on an AMD EPYC, and knows neither clip nor an addend in training.)  Arrays in row-major order are
// reordered at the border.
//
// Statistics are summed in chunks of rows whose size does not depend on the number of threads, each chunk around its
// own pivot (so that a large mean costs no digits), and joined in double (Chan, Golub & LeVeque, "Algorithms for
// computing the sample variance", 1983).
#include <cmath>

#include "kernels/dnnl/common.h"
#include "kernels/launch/cpu.h"
#include "kernels/nn/batch_norm.h"

namespace paratrain::onednn {
namespace {

// Elements of a chunk: 128 KB of floats, which stay in the second-level cache.
constexpr int64_t kChunk = 32768;
// Rows whose mean is a chunk's pivot.
constexpr int64_t kPivotRows = 8;

// How the data lies (as it comes, and as the loops want it), and as rows of channels.
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
    rows = g.length();
    chunk = std::max<int64_t>(kChunk / g.channels, kPivotRows);
    chunks = (rows + chunk - 1) / chunk;
  }
  // f(number of the chunk, its first row, its rows), on all threads
  template <class F>
  void each_chunk(const RunContext& ctx, F f) const {
    Launch<Cpu>::each(ctx, chunks, chunk * g.channels,
                      [&](int64_t k) { f(k, k * chunk, std::min(chunk, rows - k * chunk)); });
  }
  BatchNormGeometry g;
  bool negotiable = false;
  Shape shape;
  DnnlDesc outer, inner, channels;
  int64_t rows, chunk, chunks;
};

// Mean and sum of squared distances from it of each channel over some rows.
template <class T>
void row_statistics(const T* x, int64_t rows, int64_t channels, float* pivot, float* mean, float* squares) {
  std::fill_n(pivot, channels, 0.0f);
  const int64_t first = std::min(rows, kPivotRows);
  for (int64_t r = 0; r < first; ++r) {
    for (int64_t c = 0; c < channels; ++c) pivot[c] += static_cast<float>(x[r * channels + c]);
  }
  for (int64_t c = 0; c < channels; ++c) {
    pivot[c] /= static_cast<float>(first);
    mean[c] = squares[c] = 0.0f;
  }
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const T *x0 = x + r * channels, *x1 = x0 + channels, *x2 = x1 + channels, *x3 = x2 + channels;
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; ++c) {
      const float d0 = static_cast<float>(x0[c]) - pivot[c], d1 = static_cast<float>(x1[c]) - pivot[c];
      const float d2 = static_cast<float>(x2[c]) - pivot[c], d3 = static_cast<float>(x3[c]) - pivot[c];
      mean[c] += (d0 + d1) + (d2 + d3);
      squares[c] += (d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3);
    }
  }
  for (; r < rows; ++r) {
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; ++c) {
      const float d = static_cast<float>(x[r * channels + c]) - pivot[c];
      mean[c] += d;
      squares[c] += d * d;
    }
  }
  const float n = static_cast<float>(rows);
  for (int64_t c = 0; c < channels; ++c) {
    squares[c] = std::max(squares[c] - mean[c] * mean[c] / n, 0.0f);
    mean[c] = pivot[c] + mean[c] / n;
  }
}

// y = bound((x - mean) scale + shift [+ addend]) over some rows
template <Bound bound, bool add, class T>
void normalise_rows(const T* x, const T* addend, T* y, int64_t rows, int64_t channels, const float* mean,
                    const float* scale, const float* shift, float low, float high) {
  for (int64_t r = 0; r < rows; ++r, x += channels, y += channels) {
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; ++c) {
      float v = std::fma(static_cast<float>(x[c]) - mean[c], scale[c], shift[c]);
      if (add) v += static_cast<float>(addend[c]);
      y[c] = static_cast<T>(norm::bounded<bound>(v, low, high));
    }
    if (add) addend += channels;
  }
}

// (data, gamma, beta, moving_mean, moving_var[, addend]) -> result, mean, 1 / standard deviation.  A fixed gamma is
// set to 1.  With `again` the inputs 3 and 4 are the mean and 1 / standard deviation that were used, and the result is
// all there is.
template <class T>
class Forward : public PrimitiveKernel {
 public:
  explicit Forward(const KernelSpec& s, bool again = false)
      : PrimitiveKernel(s), p_(s, s.in[0]), add_(s.in.size() > 5), again_(again) {
    input(DNNL_ARG_SRC, 0, p_.outer, p_.inner, p_.negotiable);
    if (add_) input(DNNL_ARG_SRC_1, 5, p_.outer, p_.inner, p_.negotiable);
    output(DNNL_ARG_DST, 0, p_.outer, p_.inner, p_.negotiable);
    const size_t channels = static_cast<size_t>(p_.g.channels);
    scale_ = reserve(channels * sizeof(float));
    if (p_.g.batch_stats && !again) partial_ = reserve(3 * static_cast<size_t>(p_.chunks) * channels * sizeof(float));
  }
  std::string implementation() const override { return "rows"; }

 private:
  void before(char* workspace, void* const* in, void* const* out) override {
    gamma_ = static_cast<float*>(in[1]);
    beta_ = static_cast<const float*>(in[2]);
    moving_mean_ = static_cast<float*>(in[3]);
    moving_var_ = static_cast<float*>(in[4]);
    mean_ = again_ ? moving_mean_ : static_cast<float*>(out[1]);
    inverse_ = again_ ? moving_var_ : static_cast<float*>(out[2]);
    workspace_at_ = workspace;
  }
  void compute(const RunContext& ctx) override {
    const int64_t channels = p_.g.channels;
    if (!again_) statistics(ctx);
    float* scale = reinterpret_cast<float*>(workspace_at_ + scale_);
    for (int64_t c = 0; c < channels; ++c) scale[c] = (p_.g.fix_gamma ? 1.0f : gamma_[c]) * inverse_[c];
    norm::with_bound(p_.g.bound, [&](auto bound) {
      if (add_) {
        apply<decltype(bound)::value, true>(ctx, scale);
      } else {
        apply<decltype(bound)::value, false>(ctx, scale);
      }
    });
  }
  void statistics(const RunContext& ctx) {
    const int64_t channels = p_.g.channels;
    if (p_.g.fix_gamma) std::fill_n(gamma_, channels, 1.0f);
    if (p_.g.batch_stats) return batch_statistics(ctx);
    const float eps = static_cast<float>(p_.g.eps);
    for (int64_t c = 0; c < channels; ++c) {
      mean_[c] = moving_mean_[c];
      inverse_[c] = 1.0f / std::sqrt(moving_var_[c] + eps);
    }
  }
  void batch_statistics(const RunContext& ctx) {
    const int64_t channels = p_.g.channels;
    const T* x = static_cast<const T*>(data_of(DNNL_ARG_SRC));
    float* partial = reinterpret_cast<float*>(workspace_at_ + partial_);
    p_.each_chunk(ctx, [&](int64_t k, int64_t row, int64_t rows) {
      float* own = partial + 3 * k * channels;
      row_statistics(x + row * channels, rows, channels, own + 2 * channels, own, own + channels);
    });
    const float keep = static_cast<float>(p_.g.momentum), eps = static_cast<float>(p_.g.eps);
    Launch<Cpu>::each(ctx, channels, 4 * p_.chunks, [&](int64_t c) {
      double mean = 0, squares = 0;
      for (int64_t k = 0; k < p_.chunks; ++k) mean += in_chunk(k) * partial[3 * k * channels + c];
      mean /= static_cast<double>(p_.rows);
      for (int64_t k = 0; k < p_.chunks; ++k) {
        const double d = partial[3 * k * channels + c] - mean;
        squares += partial[(3 * k + 1) * channels + c] + in_chunk(k) * d * d;
      }
      const float m = static_cast<float>(mean), v = static_cast<float>(squares / static_cast<double>(p_.rows));
      moving_mean_[c] = keep * moving_mean_[c] + (1.0f - keep) * m;
      moving_var_[c] = keep * moving_var_[c] + (1.0f - keep) * v;
      mean_[c] = m;
      inverse_[c] = 1.0f / std::sqrt(v + eps);
    });
  }
  double in_chunk(int64_t k) const { return static_cast<double>(std::min(p_.chunk, p_.rows - k * p_.chunk)); }
  template <Bound bound, bool add>
  void apply(const RunContext& ctx, const float* scale) {
    const int64_t channels = p_.g.channels;
    const T* x = static_cast<const T*>(data_of(DNNL_ARG_SRC));
    const T* addend = add ? static_cast<const T*>(data_of(DNNL_ARG_SRC_1)) : nullptr;
    T* y = static_cast<T*>(data_of(DNNL_ARG_DST));
    const float low = static_cast<float>(p_.g.low), high = static_cast<float>(p_.g.high);
    p_.each_chunk(ctx, [&](int64_t, int64_t row, int64_t rows) {
      const int64_t at = row * channels;
      normalise_rows<bound, add>(x + at, add ? addend + at : addend, y + at, rows, channels, mean_, scale, beta_, low,
                                 high);
    });
  }
  Problem p_;
  bool add_, again_;
  size_t scale_ = 0, partial_ = 0;
  char* workspace_at_ = nullptr;
  float *gamma_, *moving_mean_, *moving_var_, *mean_, *inverse_;
  const float* beta_;
};

// (data, gamma, beta, mean, 1 / standard deviation[, addend]) -> the result once more.
template <class T>
class Again final : public Forward<T> {
 public:
  explicit Again(const KernelSpec& s) : Forward<T>(s, true) {}
};

// What the backward loops know of each channel.
struct Channel {
  const float *mean, *scale, *shift;          // of the forward pass
  const float *of_grad, *of_data, *constant;  // dX = of_grad dY + of_data (x - mean) + constant
  float low, high;
};

// Sums of dY behind the bound, and of that times (x - mean), over some rows.
template <Bound bound, bool add, class T>
void row_sums(const T* dy, const T* x, const T* y, T* dadd, int64_t rows, int64_t channels, const Channel& k,
              float* sum, float* product) {
  std::fill_n(sum, channels, 0.0f);
  std::fill_n(product, channels, 0.0f);
  const float low = k.low, high = k.high;
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t at = r * channels;
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; ++c) {
      const float d = static_cast<float>(x[at + c]) - k.mean[c];
      const float v = add ? static_cast<float>(y[at + c]) : std::fma(d, k.scale[c], k.shift[c]);
      const float all = static_cast<float>(dy[at + c]);  // read in any case, or there are no vectors of bfloat16
      const float g = norm::passes<bound>(v, low, high) ? all : 0.0f;
      if (add) dadd[at + c] = static_cast<T>(g);
      sum[c] += g;
      product[c] += g * d;
    }
  }
}

// dX of some rows.  With an addend dY has passed the bound already.
template <Bound bound, class T>
void row_gradients(const T* dy, const T* x, T* dx, int64_t rows, int64_t channels, const Channel& k) {
  const float low = k.low, high = k.high;
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t at = r * channels;
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; ++c) {
      const float d = static_cast<float>(x[at + c]) - k.mean[c];
      const float v = std::fma(d, k.scale[c], k.shift[c]);
      const float all = static_cast<float>(dy[at + c]);  // read in any case, or there are no vectors of bfloat16
      const float g = norm::passes<bound>(v, low, high) ? all : 0.0f;
      dx[at + c] = static_cast<T>(std::fma(g, k.of_grad[c], std::fma(d, k.of_data[c], k.constant[c])));
    }
  }
}

// (dY, data, gamma, mean, 1 / standard deviation[, beta[, result]]) -> dX, dgamma, dbeta[, d addend]
// d addend may be written over dY, dX over the data.
template <class T>
class Backward final : public PrimitiveKernel {
 public:
  explicit Backward(const KernelSpec& s) : PrimitiveKernel(s), p_(s, s.in[1]), add_(s.in.size() > 6) {
    input(DNNL_ARG_DIFF_DST, 0, p_.outer, p_.inner, p_.negotiable);
    input(DNNL_ARG_SRC, 1, p_.outer, p_.inner, p_.negotiable);
    if (add_) input(DNNL_ARG_DST, 6, p_.outer, p_.inner, p_.negotiable);
    output(DNNL_ARG_DIFF_SRC, 0, p_.outer, p_.inner, p_.negotiable);
    if (add_) output(DNNL_ARG_DIFF_SRC_1, 3, p_.outer, p_.inner, p_.negotiable);
    const size_t channels = static_cast<size_t>(p_.g.channels);
    factors_ = reserve(4 * channels * sizeof(float));
    partial_ = reserve(2 * static_cast<size_t>(p_.chunks) * channels * sizeof(float));
  }
  std::string implementation() const override { return "rows"; }

 private:
  void before(char* workspace, void* const* in, void* const* out) override {
    gamma_ = static_cast<const float*>(in[2]);
    inverse_ = static_cast<const float*>(in[4]);
    dgamma_ = static_cast<float*>(out[1]);
    dbeta_ = static_cast<float*>(out[2]);
    scale_ = reinterpret_cast<float*>(workspace + factors_);
    const int64_t n = p_.g.channels;
    k_ = {static_cast<const float*>(in[3]),
          scale_,
          nullptr,
          scale_ + n,
          scale_ + 2 * n,
          scale_ + 3 * n,
          static_cast<float>(p_.g.low),
          static_cast<float>(p_.g.high)};
    for (int64_t c = 0; c < n; ++c) scale_[c] = inverse_[c] * (p_.g.fix_gamma ? 1.0f : gamma_[c]);
    // without a bound the shift does not matter; of_grad is any array then
    k_.shift = p_.g.bound == Bound::none ? scale_ : static_cast<const float*>(in[5]);
    partial_at_ = reinterpret_cast<float*>(workspace + partial_);
  }
  void compute(const RunContext& ctx) override {
    norm::with_bound(p_.g.bound, [&](auto bound) {
      if (add_) {
        sums<decltype(bound)::value, true>(ctx);
      } else {
        sums<decltype(bound)::value, false>(ctx);
      }
    });
    join(ctx);
    if (add_) return gradients<Bound::none>(ctx, static_cast<const T*>(data_of(DNNL_ARG_DIFF_SRC_1)));
    norm::with_bound(p_.g.bound, [&](auto bound) {
      gradients<decltype(bound)::value>(ctx, static_cast<const T*>(data_of(DNNL_ARG_DIFF_DST)));
    });
  }
  template <Bound bound, bool add>
  void sums(const RunContext& ctx) {
    const int64_t n = p_.g.channels;
    const T* dy = static_cast<const T*>(data_of(DNNL_ARG_DIFF_DST));
    const T* x = static_cast<const T*>(data_of(DNNL_ARG_SRC));
    const T* y = add ? static_cast<const T*>(data_of(DNNL_ARG_DST)) : nullptr;
    T* dadd = add ? static_cast<T*>(data_of(DNNL_ARG_DIFF_SRC_1)) : nullptr;
    p_.each_chunk(ctx, [&](int64_t k, int64_t row, int64_t rows) {
      const int64_t at = row * n;
      float* own = partial_at_ + 2 * k * n;
      row_sums<bound, add>(dy + at, x + at, add ? y + at : y, add ? dadd + at : dadd, rows, n, k_, own, own + n);
    });
  }
  void join(const RunContext& ctx) {
    const int64_t n = p_.g.channels;
    float* factors = scale_ + n;  // of_grad, of_data, constant
    const double length = static_cast<double>(p_.rows);
    Launch<Cpu>::each(ctx, n, 2 * p_.chunks, [&](int64_t c) {
      double sum = 0, product = 0;
      for (int64_t k = 0; k < p_.chunks; ++k) {
        sum += partial_at_[2 * k * n + c];
        product += partial_at_[(2 * k + 1) * n + c];
      }
      const double inverse = inverse_[c], scale = k_.scale[c];
      dgamma_[c] = p_.g.fix_gamma ? 0.0f : static_cast<float>(product * inverse);
      dbeta_[c] = static_cast<float>(sum);
      factors[c] = static_cast<float>(scale);
      factors[n + c] = p_.g.batch_stats ? static_cast<float>(-scale * inverse * inverse * product / length) : 0.0f;
      factors[2 * n + c] = p_.g.batch_stats ? static_cast<float>(-scale * sum / length) : 0.0f;
    });
  }
  template <Bound bound>
  void gradients(const RunContext& ctx, const T* dy) {
    const int64_t n = p_.g.channels;
    const T* x = static_cast<const T*>(data_of(DNNL_ARG_SRC));
    T* dx = static_cast<T*>(data_of(DNNL_ARG_DIFF_SRC));
    p_.each_chunk(ctx, [&](int64_t, int64_t row, int64_t rows) {
      const int64_t at = row * n;
      row_gradients<bound>(dy + at, x + at, dx + at, rows, n, k_);
    });
  }
  Problem p_;
  bool add_;
  size_t factors_ = 0, partial_ = 0;
  Channel k_{};
  float *scale_ = nullptr, *partial_at_ = nullptr;
  const float *gamma_, *inverse_;
  float *dgamma_, *dbeta_;
};

template <template <class> class Class>
std::unique_ptr<Kernel> make_batch_norm(const KernelSpec& s) {
  if (s.in[0].dtype == DType::float32) return std::make_unique<Class<float>>(s);
  if (s.in[0].dtype == DType::bfloat16) return std::make_unique<Class<BFloat16>>(s);
  return nullptr;
}

}  // namespace

void register_batch_norm(Registry& r) {
  r.add("batch_norm", guarded(make_batch_norm<Forward>));
  r.add("batch_norm_grad", guarded(make_batch_norm<Backward>));
  r.add("batch_norm_again", guarded(make_batch_norm<Again>));
  r.add("batch_norm_act", guarded(make_batch_norm<Forward>));
  r.add("batch_norm_act_again", guarded(make_batch_norm<Again>));
  r.add("batch_norm_act_grad", guarded(make_batch_norm<Backward>));
}

}  // namespace paratrain::onednn
