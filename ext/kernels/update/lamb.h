// LAMB: Adam's direction with weight decay, then a step whose length is scaled by the norms of weight and direction.
// Two kernels with the norms taken between them by the caller, and one that does all of it for several weights.
//
// T: weight and gradient; S: states, directions and what is computed in.  If mixed, the weight is its copy in S.
#pragma once
#include "kernels/update/norms.h"

namespace paratrain {

// mean, var: running means of r and r^2 for the rescaled, clipped gradient r; of step t, corrected for their beginning:
// direction = mean / (1 - beta1^t) / (sqrt(var / (1 - beta2^t)) + epsilon) + wd * w
template <class A>
struct LambRule : rule::Common<A> {
  A beta1, beta2, epsilon;
  bool correct;
  explicit LambRule(const Attrs& a)
      : rule::Common<A>(a),
        beta1(static_cast<A>(a.real("beta1"))),
        beta2(static_cast<A>(a.real("beta2"))),
        epsilon(static_cast<A>(a.real("epsilon"))),
        correct(a.flag("bias_correction")) {}
  // 1 - beta^t, or 1 without correction
  A rest(A beta, int64_t t) const {
    return correct ? static_cast<A>(1.0 - std::pow(static_cast<double>(beta), static_cast<double>(t))) : A(1);
  }
};

template <class Device, class T, class S>
struct Lamb {
  using A = Compute<S>;

  template <class D>
  static void direction(const RunContext& ctx, const LambRule<A>& given, int64_t n, int64_t t, A wd, const S* weight,
                        const T* grad, S* mean, S* var, D* out) {
    const LambRule<A> rule = given;
    const A rest1 = rule.rest(rule.beta1, t), rest2 = rule.rest(rule.beta2, t);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const A r = rule.scaled(static_cast<A>(grad[i]));
      const A m = rule.beta1 * static_cast<A>(mean[i]) + (A(1) - rule.beta1) * r;
      const A v = rule.beta2 * static_cast<A>(var[i]) + (A(1) - rule.beta2) * r * r;
      mean[i] = static_cast<S>(m);
      var[i] = static_cast<S>(v);
      out[i] = static_cast<D>(m / rest1 / (std::sqrt(v / rest2) + rule.epsilon) + wd * static_cast<A>(weight[i]));
    });
  }

  // r1, r2: norms of weight and direction (their squares, if `squared`); bounds of the first count where they are >= 0
  template <class D, class N>
  static void step(const RunContext& ctx, int64_t n, A lr, A lower, A upper, bool squared, const S* weight,
                   const D* direction, const N* r1, const N* r2, T* out, S* master) {
    Rows<Device>::pieces(ctx, 1, n, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      A first = static_cast<A>(r1[0]), second = static_cast<A>(r2[0]);
      if (squared) {
        first = std::sqrt(first);
        second = std::sqrt(second);
      }
      if (lower >= A(0) && first < lower) first = lower;
      if (upper >= A(0) && first > upper) first = upper;
      const A rate = first == A(0) || second == A(0) ? lr : lr * first / second;
      for (int64_t i = begin; i < end; ++i) {
        const A w = static_cast<A>(weight[i]) - rate * static_cast<A>(direction[i]);
        if (master) master[i] = static_cast<S>(w);
        out[i] = static_cast<T>(w);
      }
    });
  }
};

// Inputs weight, grad, mean, var and, if mixed, the copy of the weight; output: the direction.
template <class Device, class T, class S>
struct LambDirectionKernel : Kernel {
  using A = Compute<S>;
  explicit LambDirectionKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        t(s.attrs.integer("t")),
        wd(static_cast<A>(s.attrs.real("wd"))),
        mixed(s.attrs.flag("mixed")),
        rule(s.attrs) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    Lamb<Device, T, S>::direction(ctx, rule, n, t, wd, static_cast<const S*>(in[mixed ? 4 : 0]),
                                  static_cast<const T*>(in[1]), static_cast<S*>(in[2]), static_cast<S*>(in[3]),
                                  static_cast<S*>(out[0]));
  }
  int64_t n, t;
  A wd;
  bool mixed;
  LambRule<A> rule;
};

// Inputs weight, direction, both norms (1,) and, if mixed, the copy of the weight; output: the new weight.  The copy
// stays: so it does in MXNet.
template <class Device, class T, class S>
struct LambStepKernel : Kernel {
  using A = Compute<S>;
  explicit LambStepKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        lr(static_cast<A>(s.attrs.real("lr"))),
        lower(static_cast<A>(s.attrs.real("lower_bound"))),
        upper(static_cast<A>(s.attrs.real("upper_bound"))),
        mixed(s.attrs.flag("mixed")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    S* none = nullptr;
    Lamb<Device, T, S>::step(ctx, n, lr, lower, upper, false, static_cast<const S*>(in[mixed ? 4 : 0]),
                             static_cast<const S*>(in[1]), static_cast<const S*>(in[2]), static_cast<const S*>(in[3]),
                             static_cast<T*>(out[0]), none);
  }
  int64_t n;
  A lr, lower, upper;
  bool mixed;
};

// Both for several weights.  Inputs of each: weight, grad, mean, var and, if mixed, the copy of the weight.
template <class Device, class T, class S>
struct MultiLambKernel : Kernel {
  using A = Compute<S>;
  static constexpr size_t kNorms = 64;  // bytes before the direction in the scratch memory
  explicit MultiLambKernel(const KernelSpec& s)
      : times(s.attrs.ints("step_count")),
        lrs(s.attrs.reals("learning_rates")),
        wds(s.attrs.reals("wds")),
        lower(static_cast<A>(s.attrs.real("lower_bound"))),
        upper(static_cast<A>(s.attrs.real("upper_bound"))),
        mixed(s.attrs.flag("mixed")),
        rule(s.attrs) {
    for (const TensorDesc& d : s.out) sizes.push_back(d.size());
  }
  size_t workspace_bytes() const override {
    int64_t longest = 0;
    for (int64_t n : sizes) longest = n > longest ? n : longest;
    return kNorms + static_cast<size_t>(longest) * sizeof(A);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using Both = Lamb<Device, T, S>;
    A* norms = reinterpret_cast<A*>(ctx.workspace);
    A* direction = reinterpret_cast<A*>(ctx.workspace + kNorms);
    for (size_t k = 0; k < sizes.size(); ++k, in += mixed ? 5 : 4) {
      const int64_t n = sizes[k];
      if (n == 0) continue;
      S* weight = static_cast<S*>(in[mixed ? 4 : 0]);
      Both::direction(ctx, rule, n, times[k], static_cast<A>(wds[k]), static_cast<const S*>(weight),
                      static_cast<const T*>(in[1]), static_cast<S*>(in[2]), static_cast<S*>(in[3]), direction);
      const ReducePlan all = plan_reduce({n}, {true});
      sum_of_squares<Device>(ctx, all, static_cast<const S*>(weight), norms);
      sum_of_squares<Device>(ctx, all, static_cast<const A*>(direction), norms + 1);
      Both::step(ctx, n, static_cast<A>(lrs[k]), lower, upper, true, static_cast<const S*>(weight),
                 static_cast<const A*>(direction), static_cast<const A*>(norms), static_cast<const A*>(norms + 1),
                 static_cast<T*>(out[k]), mixed ? weight : nullptr);
    }
  }
  Shape times;
  std::vector<double> lrs, wds;
  A lower, upper;
  bool mixed;
  LambRule<A> rule;
  std::vector<int64_t> sizes;
};

template <class Device, template <class, class, class> class K>
void add_lamb_kernel(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      using T = typename decltype(tag)::type;
      if constexpr (sizeof(T) == 2) {
        if (s.attrs.flag("mixed")) return std::make_unique<K<Device, T, float>>(s);
      }
      return std::make_unique<K<Device, T, T>>(s);
    });
  });
}

template <class Device>
void add_lamb(Registry& r) {
  add_lamb_kernel<Device, LambDirectionKernel>(r, "lamb_update_phase1");
  add_lamb_kernel<Device, LambStepKernel>(r, "lamb_update_phase2");
  add_lamb_kernel<Device, MultiLambKernel>(r, "multi_lamb_update");
}

}  // namespace paratrain
