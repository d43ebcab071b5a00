// Random numbers: each element is a function of (seed, step, operator, position), see philox.h.
#pragma once
#include "kernels/launch/rows.h"
#include "kernels/random/philox.h"

namespace paratrain {

inline philox::Stream stream_of(const RunContext& ctx, int64_t op_id) {
  return {ctx.seed, ctx.step, static_cast<uint32_t>(op_id), ctx.key};
}

namespace draw {

// Two independent numbers of a distribution from the four words of a block, computed in double for every type:
// a float is the double rounded, so types agree as far as they reach.
struct Pair {
  double a, b;
};

PT_HD double open_uniform(uint32_t high, uint32_t low) { return 1.0 - philox::uniform(high, low); }  // (0, 1]

struct Uniform {  // in [first, second)
  double low, high;
  PT_HD Pair apply(const philox::Words& w) const {
    return {low + (high - low) * philox::uniform(w.w[0], w.w[1]), low + (high - low) * philox::uniform(w.w[2], w.w[3])};
  }
};
struct Normal {  // Box and Muller
  double mean, deviation;
  PT_HD Pair apply(const philox::Words& w) const {
    const double radius = deviation * std::sqrt(-2.0 * std::log(open_uniform(w.w[0], w.w[1])));
    const double angle = 6.283185307179586 * philox::uniform(w.w[2], w.w[3]);
    return {mean + radius * std::cos(angle), mean + radius * std::sin(angle)};
  }
};
struct Exponential {
  double rate, unused;
  PT_HD Pair apply(const philox::Words& w) const {
    return {-std::log(open_uniform(w.w[0], w.w[1])) / rate, -std::log(open_uniform(w.w[2], w.w[3])) / rate};
  }
};

}  // namespace draw

// Attributes op_id, first, second: the parameters of the distribution.
template <class Device, class Distribution, class T>
struct DrawKernel : Kernel {
  explicit DrawKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        op_id(s.attrs.integer("op_id")),
        law{s.attrs.real("first"), s.attrs.real("second")},
        limit(s.attrs.has("below") ? s.attrs.real("below") : INFINITY) {}
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const philox::Stream stream = stream_of(ctx, op_id);
    const Distribution d = law;
    const int64_t size = n;
    const double bound = limit;
    Launch<Device>::map(ctx, (n + 1) / 2, [=] PT_LAMBDA(int64_t i) {
      const draw::Pair p = d.apply(philox::block(stream, static_cast<uint64_t>(i)));
      y[2 * i] = rounded(p.a, bound);
      if (2 * i + 1 < size) y[2 * i + 1] = rounded(p.b, bound);
    });
  }
  // Rounding to T may reach the excluded upper end; the largest T below it is taken instead.
  PT_HD static T rounded(double v, double bound) {
    T r = static_cast<T>(static_cast<Compute<T>>(v));
    if constexpr (sizeof(T) < 8) {
      while (static_cast<double>(static_cast<Compute<T>>(r)) >= bound) r = below(r);
    }
    return r;
  }
  PT_HD static T below(T r) {
    if constexpr (sizeof(T) == 4) {
      const uint32_t bits = detail::bits<uint32_t>(r);
      return detail::bits<T>(bits == 0 ? 0x80000001u : (bits >> 31 ? bits + 1 : bits - 1));
    } else if constexpr (sizeof(T) == 2) {
      const uint16_t bits = r.raw;
      T out;
      out.raw = static_cast<uint16_t>(bits == 0 ? 0x8001u : (bits >> 15 ? bits + 1 : bits - 1));
      return out;
    } else {
      return r;
    }
  }
  int64_t n, op_id;
  Distribution law;
  double limit;
};

// Whole numbers in [low, high).  64 random bits a number: the bias is below 2^-32 for every range of 32 bits.
template <class Device, class T>
struct RandintKernel : Kernel {
  explicit RandintKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        op_id(s.attrs.integer("op_id")),
        low(s.attrs.integer("low")),
        span(static_cast<uint64_t>(s.attrs.integer("high")) - static_cast<uint64_t>(low)) {}
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const philox::Stream stream = stream_of(ctx, op_id);
    const uint64_t first = static_cast<uint64_t>(low), width = span;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const philox::Words b = philox::block(stream, static_cast<uint64_t>(i) >> 1);
      const int at = static_cast<int>(i & 1) * 2;
      const uint64_t bits = static_cast<uint64_t>(b.w[at]) << 32 | b.w[at + 1];
      y[i] = static_cast<T>(static_cast<int64_t>(first + bits % width));
    });
  }
  int64_t n, op_id, low;
  uint64_t span;
};

// (counters (n, 4), key (2,)) as int32 bits -> words (n, 4): the generator itself.
template <class Device>
struct PhiloxKernel : Kernel {
  explicit PhiloxKernel(const KernelSpec& s) : n(s.in[0].size() / 4) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const uint32_t* counters = static_cast<const uint32_t*>(in[0]);
    const uint32_t* key = static_cast<const uint32_t*>(in[1]);
    uint32_t* words = static_cast<uint32_t*>(out[0]);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const uint32_t* c = counters + 4 * i;
      const philox::Words w = philox::generate({{c[0], c[1], c[2], c[3]}}, key[0], key[1]);
      for (int k = 0; k < 4; ++k) words[4 * i + k] = w.w[k];
    });
  }
  int64_t n;
};

// X -> Y = X * mask, mask = 1 / (1 - p) where an element is kept, else 0.  One draw serves all elements along the
// shared axes: stride[d] is the step in the mask's draws along axis d.
struct DropoutPlan {
  int64_t n = 0;
  bool shared = false;
  int ndim = 0;
  int64_t shape[kMaxDims], stride[kMaxDims];
};

// Attribute axes: those along which the mask is repeated.
DropoutPlan plan_dropout(const KernelSpec& s);

template <class Device, class T>
struct DropoutKernel : Kernel {
  explicit DropoutKernel(const KernelSpec& s)
      : plan(plan_dropout(s)),
        op_id(s.attrs.integer("op_id")),
        p(s.attrs.real("p")),
        active(s.attrs.flag("train") || s.attrs.flag("always")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    T* mask = static_cast<T*>(out[1]);
    if (!active) {
      Launch<Device>::map(ctx, plan.n, [=] PT_LAMBDA(int64_t i) {
        y[i] = x[i];
        mask[i] = static_cast<T>(A(1));
      });
      return;
    }
    const philox::Stream stream = stream_of(ctx, op_id);
    const DropoutPlan place = plan;
    // Keep where word <= last, in whole numbers: the same decision for every type.  With p = 1 nothing is kept: scale
    // is 0.  A product, not a choice: a processor cannot guess random branches.
    const double kept = (1 - p) * 4294967296.0;
    const uint32_t last = kept >= 1 ? static_cast<uint32_t>(static_cast<uint64_t>(kept) - 1) : 0;
    const A scale = static_cast<A>(kept >= 1 ? 1 / (1 - p) : 0);
    if (place.shared) {
      Launch<Device>::map(ctx, place.n, [=] PT_LAMBDA(int64_t i) {
        const uint32_t word = philox::word(stream, offset_of(i, place.ndim, place.shape, place.stride));
        const A m = static_cast<A>(word <= last) * scale;
        mask[i] = static_cast<T>(m);
        y[i] = static_cast<T>(static_cast<A>(x[i]) * m);
      });
      return;
    }
    using Several = philox::Several<Device>;
    constexpr int64_t kGroup = 4 * Several::kBlocks;
    Rows<Device>::each(ctx, (place.n + kGroup - 1) / kGroup, 4 * kGroup, [=] PT_LAMBDA(int64_t group) {
      uint32_t words[kGroup];
      Several::generate(stream, static_cast<uint64_t>(group * Several::kBlocks), words);
      A factor[kGroup];
      for (int64_t k = 0; k < kGroup; ++k) factor[k] = static_cast<A>(words[k] <= last) * scale;
      const int64_t first = group * kGroup, count = place.n - first < kGroup ? place.n - first : kGroup;
      for (int64_t k = 0; k < count; ++k) {
        mask[first + k] = static_cast<T>(factor[k]);
        y[first + k] = static_cast<T>(static_cast<A>(x[first + k]) * factor[k]);
      }
    });
  }
  DropoutPlan plan;
  int64_t op_id;
  double p;
  bool active;
};

template <class Device, class Distribution>
void add_draw(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<DrawKernel<Device, Distribution, typename decltype(tag)::type>>(s);
    });
  });
}

template <class Device>
void register_random(Registry& r) {
  add_draw<Device, draw::Uniform>(r, "random_uniform");
  add_draw<Device, draw::Normal>(r, "random_normal");
  add_draw<Device, draw::Exponential>(r, "random_exponential");
  r.add("random_randint", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    if (s.out[0].dtype == DType::int32) return std::make_unique<RandintKernel<Device, int32_t>>(s);
    if (s.out[0].dtype == DType::int64) return std::make_unique<RandintKernel<Device, int64_t>>(s);
    return nullptr;
  });
  r.add("philox",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<PhiloxKernel<Device>>(s); });
  r.add("dropout", [](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<DropoutKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
}

}  // namespace paratrain
