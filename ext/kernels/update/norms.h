// What rates are scaled by: sums of squares of many arrays, LARS, and the update of rows that share a history.
#pragma once
#include "kernels/launch/launch.h"
#include "kernels/launch/rows.h"
#include "kernels/update/rules.h"

namespace paratrain {

// y[0] = sum of squares of n > 0 elements.
template <class Device, class T, class U>
void sum_of_squares(const RunContext& ctx, const ReducePlan& plan, const T* x, U* y) {
  using A = Compute<T>;
  Launch<Device>::template reduce<A>(
      ctx, plan, A(0), [=] PT_LAMBDA(int64_t i) { return static_cast<A>(x[i]) * static_cast<A>(x[i]); },
      [] PT_LAMBDA(A a, A b) { return a + b; }, [=] PT_LAMBDA(int64_t o, A total) { y[o] = static_cast<U>(total); });
}

// Output k of the only array: the sum of squares of input k.
template <class Device, class T>
struct MultiSumSqKernel : Kernel {
  explicit MultiSumSqKernel(const KernelSpec& s) {
    for (const TensorDesc& d : s.in) sizes.push_back(d.size());
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    float* y = static_cast<float*>(out[0]);
    for (size_t k = 0; k < sizes.size(); ++k) {
      if (sizes[k] == 0) {
        Launch<Device>::map(ctx, 1, [=] PT_LAMBDA(int64_t i) { y[k + i] = 0.0f; });
      } else {
        sum_of_squares<Device>(ctx, plan_reduce({sizes[k]}, {true}), static_cast<const T*>(in[k]), y + k);
      }
    }
  }
  std::vector<int64_t> sizes;
};

// Rates of layers by the ratio of the norms of weight and gradient; a layer with a norm of 0 keeps its rate.
template <class Device, class T>
struct MultiLarsKernel : Kernel {
  using A = Compute<T>;
  explicit MultiLarsKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        eta(static_cast<A>(s.attrs.real("eta"))),
        eps(static_cast<A>(s.attrs.real("eps"))),
        rescale(static_cast<A>(s.attrs.real("rescale_grad"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T *lrs = static_cast<const T*>(in[0]), *weights = static_cast<const T*>(in[1]);
    const T *grads = static_cast<const T*>(in[2]), *wds = static_cast<const T*>(in[3]);
    T* y = static_cast<T*>(out[0]);
    const A factor = eta, least = eps, scale = rescale;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const A lr = static_cast<A>(lrs[i]), w = std::sqrt(static_cast<A>(weights[i]));
      const A g = std::sqrt(static_cast<A>(grads[i]));
      const bool both = w > A(0) && g > A(0);
      y[i] = static_cast<T>(both ? lr * factor * w / (g * scale + static_cast<A>(wds[i]) * w + least) : lr);
    });
  }
  int64_t n;
  A eta, eps, rescale;
};

// The inputs become zero; there is no output.  Words of the elements' size: arrays are aligned to those only.
template <class Device, class Word>
void zero_words(const RunContext& ctx, void* memory, int64_t n) {
  Word* words = static_cast<Word*>(memory);
  Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { words[i] = 0; });
}

template <class Device>
struct ResetArraysKernel : Kernel {
  explicit ResetArraysKernel(const KernelSpec& s) : arrays(s.in) {}
  void run(const RunContext& ctx, void* const* in, void* const*) override {
    for (size_t k = 0; k < arrays.size(); ++k) {
      const int64_t n = arrays[k].size();
      switch (size_of(arrays[k].dtype)) {
        case 1: zero_words<Device, uint8_t>(ctx, in[k], n); break;
        case 2: zero_words<Device, uint16_t>(ctx, in[k], n); break;
        case 4: zero_words<Device, uint32_t>(ctx, in[k], n); break;
        default: zero_words<Device, uint64_t>(ctx, in[k], n);
      }
    }
  }
  std::vector<TensorDesc> arrays;
};

// Inputs weight, grad (both (n, ...)), history (n, 1).  history += mean of a row's squared gradient;
// w -= lr * r / (sqrt(history) + epsilon)
template <class Device, class T>
struct GroupAdagradKernel : Kernel {
  using A = Compute<T>;
  explicit GroupAdagradKernel(const KernelSpec& s)
      : rows(s.in[2].size()),
        width(rows ? s.out[0].size() / rows : 0),
        common(s.attrs),
        lr(static_cast<A>(s.attrs.real("lr"))),
        epsilon(static_cast<A>(s.attrs.real("epsilon"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T *weight = static_cast<const T*>(in[0]), *grad = static_cast<const T*>(in[1]);
    T *history = static_cast<T*>(in[2]), *y = static_cast<T*>(out[0]);
    const rule::Common<A> scaling = common;
    const A rate = lr, least = epsilon;
    const int64_t n = width;
    Rows<Device>::each(ctx, rows, 2 * n, [=] PT_LAMBDA(int64_t row) {
      const int64_t base = row * n;
      A sum = 0;
      for (int64_t i = 0; i < n; ++i) {
        const A r = scaling.scaled(static_cast<A>(grad[base + i]));
        sum += r * r;
      }
      const A past = static_cast<A>(history[row]) + (n ? sum / static_cast<A>(n) : A(0));
      history[row] = static_cast<T>(past);
      const A step = rate / (std::sqrt(past) + least);
      for (int64_t i = base; i < base + n; ++i) {
        const A r = scaling.scaled(static_cast<A>(grad[i]));
        // a row without a gradient stays, also where its history is 0 and epsilon as well
        y[i] = static_cast<T>(static_cast<A>(weight[i]) - (r != A(0) ? step * r : A(0)));
      }
    });
  }
  int64_t rows, width;
  rule::Common<A> common;
  A lr, epsilon;
};

template <class Device, template <class, class> class K>
void add_float_kernel(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<K<Device, typename decltype(tag)::type>>(s);
    });
  });
}

template <class Device>
void add_norms(Registry& r) {
  add_float_kernel<Device, MultiSumSqKernel>(r, "multi_sum_sq");
  add_float_kernel<Device, MultiLarsKernel>(r, "multi_lars");
  add_float_kernel<Device, GroupAdagradKernel>(r, "group_adagrad_update");
  r.add("reset_arrays",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<ResetArraysKernel<Device>>(s); });
}

}  // namespace paratrain
