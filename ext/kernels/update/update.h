// Optimizer updates.  Inputs: weight, grad, the rule's states and, in mixed precision, a float32 copy of the weight.
// The output is the new weight (and may be the weight itself); states and copy are changed in place.
#pragma once
#include "kernels/launch/launch.h"
#include "kernels/launch/rows.h"
#include "kernels/update/lamb.h"
#include "kernels/update/norms.h"
#include "kernels/update/rules.h"

// The iterations of the next loop do not depend on each other, although pointers may be equal.
#if defined(__GNUC__) && !defined(__CUDACC__)
#define PT_IVDEP _Pragma("GCC ivdep")
#else
#define PT_IVDEP
#endif

namespace paratrain {

constexpr int kMaxStates = 3;

// T: gradient and result; S: states, what is computed in, and the weight that is read, a master copy in mixed
// precision.
template <class T, class S>
struct UpdateArrays {
  const T* grad;
  T* out;
  const S* weight;
  S* master;
  S* states[kMaxStates];
};

// Without a branch in it, so that loops over it become SIMD.
template <class Rule, class T, class S, class A>
PT_HD void update_one(const Rule& rule, const UpdateArrays<T, S>& a, int64_t i, A lr, A wd) {
  A state[kMaxStates];
  for (int k = 0; k < Rule::kStates; ++k) state[k] = static_cast<A>(a.states[k][i]);
  A w = static_cast<A>(a.weight[i]);
  rule.apply(w, static_cast<A>(a.grad[i]), state, lr, wd);
  for (int k = 0; k < Rule::kStates; ++k) a.states[k][i] = static_cast<S>(state[k]);
  if constexpr (!std::is_same_v<T, S>) a.master[i] = static_cast<S>(w);
  a.out[i] = static_cast<T>(w);
}

template <class Rule, class T, class S>
UpdateArrays<T, S> arrays_of(void* const* in, void* const* out, bool mixed) {
  UpdateArrays<T, S> a{static_cast<const T*>(in[1]), static_cast<T*>(out[0]), nullptr, nullptr, {}};
  for (int k = 0; k < Rule::kStates; ++k) a.states[k] = static_cast<S*>(in[2 + k]);
  if (mixed) a.weight = a.master = static_cast<S*>(in[2 + Rule::kStates]);
  if constexpr (std::is_same_v<T, S>) {
    if (mixed) a.out = a.master;
    if (!mixed) a.weight = static_cast<const T*>(in[0]);
  }
  return a;
}

// What one weight is updated with: numbers, or places in arrays that are read when the kernel runs.
template <class A>
struct Rates {
  A lr, wd;
  const float *lrs, *wds;  // null: the numbers count
  const float* factor;     // of the gradient; null: the rule's own
  PT_HD A rate() const { return lrs ? static_cast<A>(*lrs) : lr; }
  PT_HD A decay() const { return wds ? static_cast<A>(*wds) : wd; }
};

// The update of several weights (often of one), each with its arrays: weight, grad, states and, if mixed, the float32
// copy.  Rates are attributes (`lr` and `wd` times `eta`, or `lrs`, `wds` and `etas`) or, if `preloaded`, two float32
// arrays after those of all weights; if `scaled`, the last input is the factor of the gradient, float32 (1,).
template <class Device, template <class> class Rule, class T, class S>
struct UpdateKernel : Kernel {
  using A = Compute<S>;
  explicit UpdateKernel(const KernelSpec& s)
      : rule(s.attrs),
        mixed(s.attrs.flag("mixed")),
        preloaded(s.attrs.has("preloaded")),
        scaled(s.attrs.has("scaled")) {
    for (size_t k = 0; k < s.out.size(); ++k) {
      sizes.push_back(s.out[k].size());
      const double eta = s.attrs.has("eta") || s.attrs.has("etas") ? rate_of(s.attrs, "eta", k) : 1.0;
      lrs.push_back(preloaded ? A(0) : static_cast<A>(eta * rate_of(s.attrs, "lr", k)));
      wds.push_back(preloaded ? A(0) : static_cast<A>(eta * rate_of(s.attrs, "wd", k)));
    }
  }
  static double rate_of(const Attrs& a, const std::string& name, size_t k) {
    return a.has(name) ? a.real(name) : a.reals(name + "s")[k];
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const size_t each = 2 + Rule<A>::kStates + (mixed ? 1 : 0);
    void* const* after = in + each * sizes.size();
    for (size_t k = 0; k < sizes.size(); ++k) {
      const UpdateArrays<T, S> a = arrays_of<Rule<A>, T, S>(in + k * each, out + k, mixed);
      Rates<A> rates{lrs[k], wds[k], nullptr, nullptr, nullptr};
      if (preloaded) {
        rates.lrs = static_cast<const float*>(after[0]) + k;
        rates.wds = static_cast<const float*>(after[1]) + k;
      }
      if (scaled) rates.factor = static_cast<const float*>(after[0]);
      update(ctx, a, sizes[k], rates);
      // a copy of the result's own type was updated in its place
      if (std::is_same_v<T, S> && mixed) copy(ctx, sizes[k], static_cast<const S*>(a.master), static_cast<T*>(out[k]));
    }
  }
  static void copy(const RunContext& ctx, int64_t n, const S* from, T* to) {
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = static_cast<T>(static_cast<Compute<S>>(from[i])); });
  }
  void update(const RunContext& ctx, const UpdateArrays<T, S>& arrays, int64_t n, const Rates<A>& given) {
    const UpdateArrays<T, S> a = arrays;
    const Rule<A> shared = rule;
    const Rates<A> rates = given;
    Rows<Device>::pieces(ctx, 1, n, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      Rule<A> r = shared;
      if (!r.ready(rates.factor)) {
        for (int64_t i = begin; i < end; ++i) a.out[i] = static_cast<T>(static_cast<A>(a.weight[i]));
        return;
      }
      const A rate = rates.rate(), decay = rates.decay();
      PT_IVDEP for (int64_t i = begin; i < end; ++i) update_one(r, a, i, rate, decay);
    });
  }
  Rule<A> rule;
  bool mixed, preloaded, scaled;
  std::vector<int64_t> sizes;
  std::vector<A> lrs, wds;
};

// Segment of place i among segments that begin at bounds[0 .. count].
PT_HD int64_t segment_of(const int64_t* bounds, int64_t count, int64_t i) {
  int64_t low = 0, high = count;  // bounds[low] <= i < bounds[high]
  while (high - low > 1) {
    const int64_t middle = (low + high) / 2;
    if (bounds[middle] <= i) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

// One pass over a flat buffer whose segments have rates of their own.  Inputs: weight, grad, the states, offsets
// int64 (k + 1), lr and wd float32 (k).  Offsets rise from 0 to the size of the buffer.
template <class Device, template <class> class Rule, class T>
struct FlatUpdateKernel : Kernel {
  using A = Compute<T>;
  explicit FlatUpdateKernel(const KernelSpec& s) : n(s.out[0].size()), segments(s.in.back().size()), rule(s.attrs) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    constexpr int kFirst = 2 + Rule<A>::kStates;
    const UpdateArrays<T, T> a = arrays_of<Rule<A>, T, T>(in, out, false);
    const int64_t* bounds = static_cast<const int64_t*>(in[kFirst]);
    const float* rates = static_cast<const float*>(in[kFirst + 1]);
    const float* decays = static_cast<const float*>(in[kFirst + 2]);
    const Rule<A> r = rule;
    const int64_t count = segments, size = n;
    if (std::is_same_v<Device, Cpu>) check_bounds(bounds, count, size);
    Rows<Device>::pieces(ctx, 1, n, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      int64_t s = segment_of(bounds, count, begin);
      for (int64_t i = begin; i < end; ++s) {
        const int64_t stop = bounds[s + 1] < end ? bounds[s + 1] : end;
        const A lr = static_cast<A>(rates[s]), wd = static_cast<A>(decays[s]);
        PT_IVDEP for (int64_t j = i; j < stop; ++j) update_one(r, a, j, lr, wd);
        i = stop;
      }
    });
  }
  static void check_bounds(const int64_t* bounds, int64_t count, int64_t size) {
    bool ok = count > 0 && bounds[0] == 0 && bounds[count] == size;
    for (int64_t k = 0; k < count; ++k) ok = ok && bounds[k] <= bounds[k + 1];
    if (!ok) throw std::invalid_argument("offsets must rise from 0 to the size of the weight");
  }
  int64_t n, segments;
  Rule<A> rule;
};

// Under `name` for states of the weight's type and, if mixed, for float32 states of a float16 or bfloat16 weight.
template <class Device, template <class> class Rule>
void add_update(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      using T = typename decltype(tag)::type;
      if constexpr (sizeof(T) == 2) {
        if (s.attrs.flag("mixed")) return std::make_unique<UpdateKernel<Device, Rule, T, float>>(s);
      }
      return std::make_unique<UpdateKernel<Device, Rule, T, T>>(s);
    });
  });
}

template <class Device, template <class> class Rule>
void add_flat_update(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<FlatUpdateKernel<Device, Rule, typename decltype(tag)::type>>(s);
    });
  });
}

template <class Device>
void register_update(Registry& r) {
  add_update<Device, rule::Sgd>(r, "sgd_update");
  add_update<Device, rule::SgdMomentum>(r, "sgd_mom_update");
  add_update<Device, rule::Nesterov>(r, "nag_mom_update");
  add_update<Device, rule::Adam>(r, "adam_update");
  add_update<Device, rule::AdamW>(r, "adamw_update");
  add_update<Device, rule::Ftml>(r, "ftml_update");
  add_update<Device, rule::SignSgd>(r, "signsgd_update");
  add_update<Device, rule::Signum>(r, "signum_update");
  add_update<Device, rule::RmsProp>(r, "rmsprop_update");
  add_update<Device, rule::RmsPropAlex>(r, "rmspropalex_update");
  add_update<Device, rule::Ftrl>(r, "ftrl_update");
  add_flat_update<Device, rule::Sgd>(r, "flat_sgd_update");
  add_flat_update<Device, rule::SgdMomentum>(r, "flat_sgd_mom_update");
  add_flat_update<Device, rule::Nesterov>(r, "flat_nag_mom_update");
  add_flat_update<Device, rule::Adam>(r, "flat_adam_update");
  add_lamb<Device>(r);
  add_norms<Device>(r);
}

}  // namespace paratrain
