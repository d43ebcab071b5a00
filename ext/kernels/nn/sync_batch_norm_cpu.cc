// Batch normalisation with the statistics of the batches of all ranks.
#include <vector>

#include "core/rank_sums.h"
#include "kernels/launch/rows_cpu.h"
#include "kernels/nn/sync_batch_norm.h"
// the loops first
#include "kernels/add.h"
#include "kernels/nn/batch_norm.h"

namespace paratrain {
namespace {

// As BatchNormKernel, without bound and addend.
template <class Device, class T>
struct SyncBatchNormKernel : BatchNormKernel<Device, T> {
  using BatchNormKernel<Device, T>::BatchNormKernel;
  using BatchNormKernel<Device, T>::g;

  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    if (!g.batch_stats) return BatchNormKernel<Device, T>::run(ctx, in, out);
    using S = Stat<T>;
    S* gamma = static_cast<S*>(in[1]);
    S* moving_mean = static_cast<S*>(in[3]);
    S* moving_var = static_cast<S*>(in[4]);
    S* mean = static_cast<S*>(out[1]);
    S* inverse = static_cast<S*>(out[2]);
    // elements, then of each channel the sum and the sum of squares: as double, so that their difference is good
    std::vector<double> sums(1 + 2 * g.channels);
    sums[0] = static_cast<double>(g.length());
    collect(ctx, static_cast<const T*>(in[0]), sums.data() + 1);
    sum_over_ranks(sums.data(), static_cast<int64_t>(sums.size()));
    const S keep = static_cast<S>(g.momentum);
    for (int64_t c = 0; c < g.channels; ++c) {
      const double m = sums[1 + 2 * c] / sums[0];
      const double v = std::fmax(0.0, sums[2 + 2 * c] / sums[0] - m * m);
      if (g.fix_gamma) gamma[c] = S(1);
      moving_mean[c] = keep * moving_mean[c] + (S(1) - keep) * static_cast<S>(m);
      moving_var[c] = keep * moving_var[c] + (S(1) - keep) * static_cast<S>(v);
      mean[c] = static_cast<S>(m);
      inverse[c] = static_cast<S>(1.0 / std::sqrt(v + g.eps));
    }
    this->apply_bound(ctx, in, mean, inverse, out);
  }

  void collect(const RunContext& ctx, const T* x, double* sums) const {
    const BatchNormGeometry geo = g;
    Rows<Device>::each(ctx, geo.channels, 4 * geo.length(), [=](int64_t c) {
      if (!geo.length()) return void(sums[2 * c] = sums[2 * c + 1] = 0);
      const Stat<T> mean = norm::mean_of(geo, x, c);
      const double m = static_cast<double>(mean), n = static_cast<double>(geo.length());
      sums[2 * c] = m * n;
      sums[2 * c + 1] = n * (static_cast<double>(norm::variance_of(geo, x, c, mean)) + m * m);
    });
  }
};

// As BatchNormGradKernel; gradients of gamma and beta are those of this rank.
template <class Device, class T>
struct SyncBatchNormGradKernel : Kernel {
  explicit SyncBatchNormGradKernel(const KernelSpec& s) : g(batch_norm_geometry(s.attrs, s.in[1].shape)) {}

  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using S = Stat<T>;
    const BatchNormGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const S* gamma = static_cast<const S*>(in[2]);
    const S* mean = static_cast<const S*>(in[3]);
    const S* inverse = static_cast<const S*>(in[4]);
    T* dx = static_cast<T*>(out[0]);
    S* dgamma = static_cast<S*>(out[1]);
    S* dbeta = static_cast<S*>(out[2]);
    // elements, then of each channel the sum of dY, and of dY times the normalised data
    std::vector<double> sums(1 + 2 * geo.channels);
    sums[0] = static_cast<double>(geo.length());
    double* const first = sums.data() + 1;
    Rows<Device>::each(ctx, geo.channels, 4 * geo.length(), [=](int64_t c) {
      double sum = 0, product = 0;
      for (int64_t k = 0; k < geo.length(); ++k) {
        const int64_t i = norm::at(geo, c, k);
        sum += static_cast<double>(static_cast<S>(dy[i]));
        product += static_cast<double>(static_cast<S>(dy[i]) * (static_cast<S>(x[i]) - mean[c]));
      }
      first[2 * c] = sum;
      first[2 * c + 1] = product * static_cast<double>(inverse[c]);
      dgamma[c] = geo.fix_gamma ? S(0) : static_cast<S>(first[2 * c + 1]);
      dbeta[c] = static_cast<S>(sum);
    });
    if (geo.batch_stats) sum_over_ranks(sums.data(), static_cast<int64_t>(sums.size()));
    const double n = sums[0];
    Rows<Device>::each(ctx, geo.channels, 4 * geo.length(), [=](int64_t c) {
      const S scale = inverse[c] * (geo.fix_gamma ? S(1) : gamma[c]), m = mean[c];
      const S average = geo.batch_stats ? static_cast<S>(first[2 * c] / n) : S(0);
      const S slope = geo.batch_stats ? static_cast<S>(first[2 * c + 1] / n) : S(0);
      for (int64_t k = 0; k < geo.length(); ++k) {
        const int64_t i = norm::at(geo, c, k);
        const S hat = (static_cast<S>(x[i]) - m) * inverse[c];
        dx[i] = static_cast<T>(scale * (static_cast<S>(dy[i]) - average - hat * slope));
      }
    });
  }
  BatchNormGeometry g;
};

}  // namespace

void register_sync_batch_norm(Registry& r) {
  add_float<Cpu, SyncBatchNormKernel>(r, "sync_batch_norm");
  add_float<Cpu, SyncBatchNormGradKernel>(r, "sync_batch_norm_grad");
}

}  // namespace paratrain
