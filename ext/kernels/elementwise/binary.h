// Functions of two arrays (with broadcasting) or of an array and a scalar, element by element.
#pragma once
#include "kernels/elementwise/functions.h"
#include "kernels/elementwise/math.h"
#include "kernels/launch/pointwise.h"

namespace paratrain {

// One class for all functions and types, which differ in the call.
struct BinaryKernel final : Kernel {
  using Call = void (*)(const RunContext& ctx, const BroadcastPlan& plan, const void* a, const void* b, void* y);
  BinaryKernel(const KernelSpec& s, Call call)
      : plan(plan_broadcast(s.in[0].shape, s.in[1].shape, s.out[0].shape)), call(call) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override { call(ctx, plan, in[0], in[1], out[0]); }
  BroadcastPlan plan;
  Call call;
};

template <class Device, class Function, class T>
void binary_call(const RunContext& ctx, const BroadcastPlan& plan, const void* a, const void* b, void* y) {
  Pointwise<Device>::template binary<Function>(ctx, plan, static_cast<const T*>(a), static_cast<const T*>(b),
                                               static_cast<T*>(y));
}

// Attributes scalar: the other operand; reverse: whether it comes first.
struct ScalarKernel final : Kernel {
  using Call = void (*)(const RunContext& ctx, int64_t n, const void* x, double scalar, bool reverse, void* y);
  ScalarKernel(const KernelSpec& s, Call call)
      : n(s.in[0].size()), scalar(s.attrs.real("scalar")), reverse(s.attrs.flag("reverse")), call(call) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    call(ctx, n, in[0], scalar, reverse, out[0]);
  }
  int64_t n;
  double scalar;
  bool reverse;
  Call call;
};

template <class Device, class Function, class T>
void scalar_call(const RunContext& ctx, int64_t n, const void* x, double scalar, bool reverse, void* y) {
  Pointwise<Device>::template scalar<Function>(ctx, n, static_cast<const T*>(x), scalar, reverse, static_cast<T*>(y));
}

// Sum of any number of arrays of one shape.
template <class Device, class T>
struct AddNKernel : Kernel {
  explicit AddNKernel(const KernelSpec& s) : n(s.out[0].size()), terms(s.in.size()) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    T* y = static_cast<T*>(out[0]);
    for (size_t k = 0; k < terms; ++k) {
      const T* x = static_cast<const T*>(in[k]);
      if (k == 0) {
        if (x != y) Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = x[i]; });
      } else {
        Launch<Device>::map(
            ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<T>(static_cast<C>(y[i]) + static_cast<C>(x[i])); });
      }
    }
  }
  int64_t n;
  size_t terms;
};

// T: as wide as the elements, which are only moved.
template <class Device, class T>
struct WhereKernel : Kernel {
  // condition: the shape of the arrays, or one value for each row
  explicit WhereKernel(const KernelSpec& s)
      : n(s.out[0].size()), row(s.in[0].size() == 0 ? 1 : s.out[0].size() / s.in[0].size()), type(s.in[0].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    dispatch(type, [&](auto tag) { select<typename decltype(tag)::type>(ctx, in, out); });
  }
  template <class C>
  void select(const RunContext& ctx, void* const* in, void* const* out) {
    const C* condition = static_cast<const C*>(in[0]);
    const T* a = static_cast<const T*>(in[1]);
    const T* b = static_cast<const T*>(in[2]);
    T* y = static_cast<T*>(out[0]);
    const int64_t each = row;
    if (each == 1) {  // apart, for a division takes longer than all the rest
      Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
        y[i] = static_cast<Compute<C>>(condition[i]) != Compute<C>(0) ? a[i] : b[i];
      });
    } else {
      Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
        y[i] = static_cast<Compute<C>>(condition[i / each]) != Compute<C>(0) ? a[i] : b[i];
      });
    }
  }
  int64_t n, row;
  DType type;
};

// Function f is registered twice: "name" for two arrays, "name_scalar" for an array and a scalar.
template <class Device, class Function>
void add_binary(Registry& r, const std::string& name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    return std::make_unique<BinaryKernel>(s, dispatch(s.in[0].dtype, [](auto tag) -> BinaryKernel::Call {
                                            return binary_call<Device, Function, typename decltype(tag)::type>;
                                          }));
  });
  r.add(name + "_scalar", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    return std::make_unique<ScalarKernel>(s, dispatch(s.in[0].dtype, [](auto tag) -> ScalarKernel::Call {
                                            return scalar_call<Device, Function, typename decltype(tag)::type>;
                                          }));
  });
}

// Gradients (dY, Y) -> dX of functions whose derivative follows from their result, and (dY, X) -> dX of a few others.
template <class Device, class Function>
void add_grad(Registry& r, const std::string& name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    return std::make_unique<BinaryKernel>(s, dispatch_float(s.in[0].dtype, [](auto tag) -> BinaryKernel::Call {
                                            return binary_call<Device, Function, typename decltype(tag)::type>;
                                          }));
  });
}

template <class Device>
void register_binary(Registry& r) {
#define PT_ADD(name, Functor) add_binary<Device, fn::Functor>(r, #name);
  PT_BINARY_FUNCTIONS(PT_ADD)
#undef PT_ADD
#define PT_ADD(name, Functor) add_grad<Device, fn::Functor>(r, #name);
  PT_GRAD_FUNCTIONS(PT_ADD)
#undef PT_ADD
  r.add("add_n", [](const KernelSpec& s) {
    return dispatch(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<AddNKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("where", [](const KernelSpec& s) {
    return dispatch_width(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<WhereKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
}

}  // namespace paratrain
