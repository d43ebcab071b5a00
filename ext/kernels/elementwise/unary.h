// Functions of one array, element by element; also casts and fills.
#pragma once
#include "kernels/elementwise/functions.h"
#include "kernels/elementwise/math.h"
#include "kernels/launch/pointwise.h"

namespace paratrain {

// One class for all functions and types, which differ in the call.
struct UnaryKernel final : Kernel {
  using Call = void (*)(const RunContext& ctx, int64_t n, const void* x, void* y);
  UnaryKernel(const KernelSpec& s, Call call) : n(s.in[0].size()), call(call) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override { call(ctx, n, in[0], out[0]); }
  int64_t n;
  Call call;
};

template <class Device, class Function, class From, class To>
void unary_call(const RunContext& ctx, int64_t n, const void* x, void* y) {
  Pointwise<Device>::template unary<Function>(ctx, n, static_cast<const From*>(x), static_cast<To*>(y));
}

// To the type computed in of another element type.
template <class From, class To>
struct Converted {
  PT_HD static auto apply(Compute<From> v) {
    if constexpr (std::is_same_v<To, bool>) {
      return v != Compute<From>(0);
    } else {
      return static_cast<Compute<To>>(v);
    }
  }
};

// Attribute value: every element of the output.
template <class Device, class T>
struct FillKernel : Kernel {
  explicit FillKernel(const KernelSpec& s) : n(s.out[0].size()), value(s.attrs.real("value")) {}
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const T v = static_cast<T>(static_cast<Compute<T>>(value));
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = v; });
  }
  int64_t n;
  double value;
};

// start + step * (i / repeat)
template <class Device, class T>
struct ArangeKernel : Kernel {
  explicit ArangeKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        start(s.attrs.real("start")),
        step(s.attrs.real("step")),
        repeat(s.attrs.integer("repeat")) {}
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const double first = start, by = step;
    const int64_t each = repeat;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      y[i] = static_cast<T>(static_cast<Compute<T>>(first + by * static_cast<double>(i / each)));
    });
  }
  int64_t n;
  double start, step;
  int64_t repeat;
};

template <class Device, class T>
struct ClipKernel : Kernel {
  explicit ClipKernel(const KernelSpec& s)
      : n(s.in[0].size()), low(s.attrs.real("a_min")), high(s.attrs.real("a_max")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const C lo = static_cast<C>(low), hi = static_cast<C>(high);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C v = static_cast<C>(x[i]);
      y[i] = static_cast<T>(v < lo ? lo : (v > hi ? hi : v));
    });
  }
  int64_t n;
  double low, high;
};

// (dY, X) -> dX: dY where X is not outside of the limits.
template <class Device, class T>
struct ClipGradKernel : Kernel {
  explicit ClipGradKernel(const KernelSpec& s)
      : n(s.in[0].size()), low(s.attrs.real("a_min")), high(s.attrs.real("a_max")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const C lo = static_cast<C>(low), hi = static_cast<C>(high);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C v = static_cast<C>(x[i]);
      dx[i] = v < lo || v > hi ? T(0) : dy[i];
    });
  }
  int64_t n;
  double low, high;
};

template <class Device, class Function>
void add_unary(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    return std::make_unique<UnaryKernel>(s, dispatch(s.in[0].dtype, [](auto tag) -> UnaryKernel::Call {
                                           using T = typename decltype(tag)::type;
                                           return unary_call<Device, Function, T, T>;
                                         }));
  });
}

template <class Device>
std::unique_ptr<Kernel> make_cast(const KernelSpec& s) {
  const auto call = dispatch(s.in[0].dtype, [&](auto from) {
    return dispatch(s.out[0].dtype, [](auto to) -> UnaryKernel::Call {
      using From = typename decltype(from)::type;
      using To = typename decltype(to)::type;
      return unary_call<Device, Converted<From, To>, From, To>;
    });
  });
  return std::make_unique<UnaryKernel>(s, call);
}

// Every input in the type of its output: a cast each.
template <class Device>
struct MulticastKernel : Kernel {
  explicit MulticastKernel(const KernelSpec& s) {
    for (size_t i = 0; i < s.in.size(); ++i) {
      KernelSpec one = s;
      one.in = {s.in[i]};
      one.out = {s.out[i]};
      casts.push_back(make_cast<Device>(one));
    }
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    for (size_t i = 0; i < casts.size(); ++i) casts[i]->run(ctx, in + i, out + i);
  }
  std::vector<std::unique_ptr<Kernel>> casts;
};

#define PT_ADD_BY_OUTPUT(name, Class)                                          \
  r.add(name, [](const KernelSpec& s) {                                        \
    return dispatch(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> { \
      return std::make_unique<Class<Device, typename decltype(tag)::type>>(s); \
    });                                                                        \
  })

template <class Device>
void register_unary(Registry& r) {
#define PT_ADD(name, Functor) add_unary<Device, fn::Functor>(r, #name);
  PT_UNARY_FUNCTIONS(PT_ADD)
#undef PT_ADD
  PT_ADD_BY_OUTPUT("fill", FillKernel);
  PT_ADD_BY_OUTPUT("arange", ArangeKernel);
  PT_ADD_BY_OUTPUT("clip", ClipKernel);
  PT_ADD_BY_OUTPUT("clip_grad", ClipGradKernel);
  r.add("cast", make_cast<Device>);
  r.add("multicast",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<MulticastKernel<Device>>(s); });
}

}  // namespace paratrain
