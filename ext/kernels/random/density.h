// Densities of distributions, and their derivatives.
#pragma once
#include "kernels/elementwise/math.h"
#include "kernels/random/laws.h"

namespace paratrain {
namespace density {

constexpr double kHalfLogTwoPi = 0.9189385332046727;

// What a density is made of: its logarithm, and that one's derivatives with respect to the sample and the parameters.
struct Point {
  double log, dx, da, db;
};

PT_HD Point negative_binomial(double x, double k, double p) {
  Point at;
  at.log = std::lgamma(x + k) - std::lgamma(x + 1) - std::lgamma(k) + k * std::log(p) + x * std::log(1 - p);
  at.dx = 0;
  at.da = fn::digamma(x + k) - fn::digamma(k) + std::log(p);
  at.db = k / p - x / (1 - p);
  return at;
}

// Counts have no derivative with respect to the sample: it is zero, as MXNet has it.
PT_HD Point point(draw::Law law, double x, double a, double b) {
  switch (law) {
    case draw::Law::uniform: return {-std::log(b - a), 0, 1 / (b - a), -1 / (b - a)};
    case draw::Law::normal: {
      const double z = (x - a) / b;
      return {-0.5 * z * z - std::log(b) - kHalfLogTwoPi, -z / b, z / b, (z * z - 1) / b};
    }
    case draw::Law::gamma:
      return {a * std::log(b) + (a - 1) * std::log(x) - b * x - std::lgamma(a), (a - 1) / x - b,
              std::log(b) + std::log(x) - fn::digamma(a), a / b - x};
    case draw::Law::exponential: return {std::log(a) - a * x, -a, 1 / a - x, 0};
    case draw::Law::poisson: return {x * std::log(a) - a - std::lgamma(x + 1), 0, x / a - 1, 0};
    case draw::Law::negative_binomial: return negative_binomial(x, a, b);
    case draw::Law::generalized_negative_binomial: {  // k = 1 / b, p = 1 / (1 + a b)
      const double p = 1 / (1 + a * b);
      Point at = negative_binomial(x, 1 / b, p);
      const double dk = at.da, dp = at.db;
      at.da = -dp * b * p * p;
      at.db = -dk / (b * b) - dp * a * p * p;
      return at;
    }
  }
  return {};
}

// Logarithm of the density of a point of k shares with exponents alpha.
PT_HD double dirichlet(const RealArray& x, const RealArray& alpha, int64_t sample, int64_t parameter, int64_t k) {
  double log = 0, total = 0;
  for (int64_t i = 0; i < k; ++i) {
    const double a = alpha[parameter * k + i];
    log += (a - 1) * std::log(x[sample * k + i]) - std::lgamma(a);
    total += a;
  }
  return log + std::lgamma(total);
}

}  // namespace density

// Attributes law (dirichlet has a flag of its own), per (samples for each element of the parameters), is_log.
struct DensityPlan {
  explicit DensityPlan(const KernelSpec& s, const TensorDesc& sample, size_t parameters)
      : law(static_cast<draw::Law>(s.attrs.integer("law"))),
        dirichlet(s.attrs.flag("dirichlet")),
        is_log(s.attrs.flag("is_log")),
        per(s.attrs.integer("per")),
        k(dirichlet ? sample.shape.back() : 1),
        samples(k ? sample.size() / k : 0),
        parameters(parameters),
        type(sample.dtype) {}
  draw::Law law;
  bool dirichlet, is_log;
  int64_t per, k, samples;
  size_t parameters;
  DType type;
};

// (sample, parameters) -> density or its logarithm
template <class Device>
struct DensityKernel : Kernel {
  explicit DensityKernel(const KernelSpec& s) : plan(s, s.in[0], s.in.size() - 1) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const DensityPlan p = plan;
    const RealArray x{in[0], p.type}, a{in[1], p.type}, b{p.parameters > 1 ? in[2] : nullptr, p.type};
    void* y = out[0];
    Rows<Device>::each(ctx, p.samples, 64 * p.k, [=] PT_LAMBDA(int64_t i) {
      const int64_t at = i / p.per;
      const double log = p.dirichlet ? density::dirichlet(x, a, i, at, p.k)
                                     : density::point(p.law, x[i], a[at], b.data ? b[at] : 0.0).log;
      store_real(y, p.type, i, p.is_log ? log : std::exp(log));
    });
  }
  DensityPlan plan;
};

// (dY, sample, parameters) -> gradient of the sample (attribute wrt = 0) or of parameter wrt - 1.
template <class Device>
struct DensityGradKernel : Kernel {
  explicit DensityGradKernel(const KernelSpec& s)
      : plan(s, s.in[1], s.in.size() - 2),
        wrt(s.attrs.integer("wrt")),
        sums(plan_reduce({plan.k ? s.out[0].size() / plan.k : 0, wrt ? plan.per : 1, plan.k}, {false, true, false})) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const DensityPlan p = plan;
    const RealArray dy{in[0], p.type}, x{in[1], p.type}, a{in[2], p.type};
    const RealArray b{p.parameters > 1 ? in[3] : nullptr, p.type};
    void* dx = out[0];
    const int64_t which = wrt;
    if (wrt == 0) {
      Rows<Device>::each(ctx, p.samples * p.k, 64 * p.k,
                         [=] PT_LAMBDA(int64_t i) { store_real(dx, p.type, i, contribution(p, dy, x, a, b, 0, i)); });
      return;
    }
    Launch<Device>::template reduce<double>(
        ctx, sums, 0.0, [=] PT_LAMBDA(int64_t i) { return contribution(p, dy, x, a, b, which, i); },
        [] PT_LAMBDA(double s, double t) { return s + t; },
        [=] PT_LAMBDA(int64_t o, double total) { store_real(dx, p.type, o, total); });
  }
  // What sample i / k, by its component i % k, adds to the gradient.
  PT_HD static double contribution(const DensityPlan& p, const RealArray& dy, const RealArray& x, const RealArray& a,
                                   const RealArray& b, int64_t which, int64_t i) {
    const int64_t sample = i / p.k, at = sample / p.per;
    if (p.dirichlet) {
      const double log = p.is_log ? 0.0 : density::dirichlet(x, a, sample, at, p.k);
      const double own = a[at * p.k + i % p.k];
      double slope = (own - 1) / x[i];
      if (which == 1) {
        double total = 0;
        for (int64_t j = 0; j < p.k; ++j) total += a[at * p.k + j];
        slope = std::log(x[i]) + fn::digamma(total) - fn::digamma(own);
      }
      return dy[sample] * slope * std::exp(log);
    }
    const density::Point q = density::point(p.law, x[i], a[at], b.data ? b[at] : 0.0);
    const double slope = which == 0 ? q.dx : (which == 1 ? q.da : q.db);
    return dy[i] * slope * (p.is_log ? 1.0 : std::exp(q.log));
  }
  DensityPlan plan;
  int64_t wrt;
  ReducePlan sums;
};

}  // namespace paratrain
