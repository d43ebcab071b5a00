// Distributions whose numbers take an unknown count of uniform ones, and those with parameters from arrays.
#pragma once
#include "kernels/launch/reals.h"
#include "kernels/random/random.h"

namespace paratrain {

// Uniform numbers of one item, as many as it asks for: block (item, attempt) of the stream, two numbers from each.
class Draws {
 public:
  PT_HD Draws(const philox::Stream& s, int64_t item) : stream_(s), item_(static_cast<uint64_t>(item)) {}
  // in [0, 1), 53 random bits
  PT_HD double uniform() {
    if (left_ == 0) {
      words_ = philox::block(stream_, item_ | attempt_++ << kItemBits);
      left_ = 2;
    }
    --left_;
    return philox::uniform(words_.w[2 * left_], words_.w[2 * left_ + 1]);
  }
  // in (0, 1]
  PT_HD double open() { return 1.0 - uniform(); }
  PT_HD double normal() { return std::sqrt(-2.0 * std::log(open())) * std::cos(6.283185307179586 * uniform()); }

 private:
  static constexpr int kItemBits = 36;  // of the 48 that number the blocks of a stream
  philox::Stream stream_;
  philox::Words words_{};
  uint64_t item_, attempt_ = 0;
  int left_ = 0;
};

namespace draw {

// Rejections in a row before a loop gives up: never reached with parameters in range, a bound for those that are not.
constexpr int kTries = 1000;

// Marsaglia and Tsang, "A simple method for generating gamma variables": the cube of a shifted normal number.
PT_HD double gamma(Draws& r, double shape) {
  if (!(shape > 0)) return shape == 0 ? 0.0 : static_cast<double>(NAN);
  const double boost = shape < 1 ? std::pow(r.open(), 1 / shape) : 1.0;
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (int i = 0; i < kTries; ++i) {
    const double x = r.normal(), root = 1 + c * x, v = root * root * root;
    if (root > 0 && std::log(r.open()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v * boost;
  }
  return d * boost;
}

// Below 10 by adding up probabilities; above, Hörmann's "transformed rejection method" with his constants.
PT_HD double poisson(Draws& r, double mean) {
  if (!(mean >= 0)) return static_cast<double>(NAN);
  if (mean < 10) {
    double left = r.uniform(), term = std::exp(-mean), k = 0;
    for (; left >= term && k < kTries; term *= mean / ++k) left -= term;
    return k;
  }
  const double log_mean = std::log(mean), b = 0.931 + 2.53 * std::sqrt(mean), a = 0.02483 * b - 0.059;
  const double scale = 1.1239 + 1.1328 / (b - 3.4), inside = 0.9277 - 3.6224 / (b - 2);
  for (int i = 0; i < kTries; ++i) {
    const double u = r.uniform() - 0.5, v = r.open(), edge = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= inside) return k;
    if (k < 0 || (edge < 0.013 && v > edge)) continue;
    if (std::log(v * scale / (a / (edge * edge) + b)) <= k * log_mean - mean - std::lgamma(k + 1)) return k;
  }
  return mean;
}

// Numbers in definitions (paratrain/ops/random.py).
enum class Law : int64_t {
  uniform = 0,
  normal = 1,
  gamma = 2,
  exponential = 3,
  poisson = 4,
  negative_binomial = 5,
  generalized_negative_binomial = 6,
};

// One number; NaN for parameters out of range.  a, b: low, high | mean, deviation | shape, scale | rate | mean |
// k, p | mean, dispersion.
PT_HD double number(Law law, Draws& r, double a, double b) {
  const double nothing = static_cast<double>(NAN);
  switch (law) {
    case Law::uniform: return a <= b ? a + (b - a) * r.uniform() : nothing;
    case Law::normal: return b >= 0 ? a + b * r.normal() : nothing;
    case Law::gamma: return a > 0 && b > 0 ? b * gamma(r, a) : nothing;
    case Law::exponential: return a > 0 ? -std::log(r.open()) / a : nothing;
    case Law::poisson: return poisson(r, a);
    case Law::negative_binomial: return b > 0 && b <= 1 ? poisson(r, gamma(r, a) * (1 - b) / b) : nothing;
    case Law::generalized_negative_binomial:
      if (!(a >= 0 && b >= 0)) return nothing;
      return poisson(r, b == 0 ? a : a * b * gamma(r, 1 / b));
  }
  return nothing;
}

}  // namespace draw

// Attributes op_id, law and, without inputs, first and second; with inputs (the parameters) `per` numbers for each of
// their elements.
template <class Device>
struct LawKernel : Kernel {
  explicit LawKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        per(s.attrs.integer("per")),
        op_id(s.attrs.integer("op_id")),
        law(static_cast<draw::Law>(s.attrs.integer("law"))),
        first(s.attrs.real("first")),
        second(s.attrs.real("second")),
        count(static_cast<size_t>(s.attrs.integer("parameters"))),
        type(s.out[0].dtype),
        from(count ? s.in[0].dtype : type) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    void* y = out[0];
    const philox::Stream stream = stream_of(ctx, op_id);
    const RealArray a{count > 0 ? in[0] : nullptr, from}, b{count > 1 ? in[1] : nullptr, from};
    const double one = first, two = second;
    const int64_t each = per;
    const draw::Law kind = law;
    const DType to = type;
    Rows<Device>::each(ctx, n, 64, [=] PT_LAMBDA(int64_t i) {
      Draws r(stream, i);
      const double p = a.data ? a[i / each] : one, q = b.data ? b[i / each] : two;
      double value = draw::number(kind, r, p, q);
      // rounding may reach the excluded upper end
      for (int k = 0; k < 8 && kind == draw::Law::uniform && p < q && rounded_to(to, value) >= q; ++k) {
        value = k < 7 ? draw::number(kind, r, p, q) : p;
      }
      store_real(y, to, i, value);
    });
  }
  int64_t n, per, op_id;
  draw::Law law;
  double first, second;
  size_t count;
  DType type, from;
};

}  // namespace paratrain
