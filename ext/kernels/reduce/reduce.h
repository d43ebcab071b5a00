// Reductions over any set of axes: sum, mean, prod, max, min, norms; positions of extremes.
#pragma once
#include <cmath>
#include <limits>

#include "kernels/launch/rows.h"

namespace paratrain {
namespace red {

// A reducer: start value, what an element contributes, how two totals combine, what the result is.  A mean is a sum
// that is divided by `count`, which is negative for all else.
template <class T>
struct Plain {
  PT_HD static T load(T x) { return x; }
  PT_HD static T finish(T total, double) { return total; }
};
template <class T>
struct Sum : Plain<T> {
  PT_HD static T init() { return T(0); }
  PT_HD static T combine(T a, T b) { return a + b; }
  PT_HD static T finish(T total, double count) {
    if (count < 0 || (std::is_integral_v<T> && count == 0)) return total;
    return static_cast<T>(total / static_cast<T>(count));
  }
};
template <class T>
struct RealNanSum : Sum<T> {
  PT_HD static T load(T x) { return x != x ? T(0) : x; }
};
template <class T>
using NanSum = std::conditional_t<std::is_integral_v<T>, Sum<T>, RealNanSum<T>>;
template <class T>
struct Prod : Plain<T> {
  PT_HD static T init() { return T(1); }
  PT_HD static T combine(T a, T b) { return a * b; }
};
template <class T>
struct RealNanProd : Prod<T> {
  PT_HD static T load(T x) { return x != x ? T(1) : x; }
};
template <class T>
using NanProd = std::conditional_t<std::is_integral_v<T>, Prod<T>, RealNanProd<T>>;
template <class T>
struct Max : Plain<T> {
  PT_HD static T init() {
    return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                : std::numeric_limits<T>::lowest();
  }
  PT_HD static T combine(T a, T b) { return a != a || a > b ? a : b; }
};
template <class T>
struct Min : Plain<T> {
  PT_HD static T init() {
    return std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
  }
  PT_HD static T combine(T a, T b) { return a != a || a < b ? a : b; }
};
template <class T>
struct Norm1 : Sum<T> {
  PT_HD static T load(T x) { return x < T(0) ? -x : x; }
};
template <class T>
struct Norm2 : Sum<T> {
  PT_HD static T load(T x) { return x * x; }
  PT_HD static T finish(T total, double) { return static_cast<T>(std::sqrt(static_cast<double>(total))); }
};

}  // namespace red

// Sums of small integers are kept in 64 bits, of half precision in float.
template <class T>
struct SumType {
  using type = std::conditional_t<std::is_integral_v<T>, int64_t, Compute<T>>;
};

// Attribute axes: the axes to reduce, counted from the front.
std::vector<bool> reduced_axes(const KernelSpec& s);
// Axes of `in` along which an array of shape `out` would be repeated.
std::vector<bool> repeated_axes(const Shape& in, const Shape& out);

template <class Device, class R, class T>
struct ReduceKernel : Kernel {
  explicit ReduceKernel(const KernelSpec& s, const std::vector<bool>& axes)
      : plan(plan_reduce(s.in[0].shape, axes)), mean(s.name == "mean") {
    if (s.in[0].size() == 0) plan.length = 0;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = typename SumType<T>::type;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const double n = mean ? static_cast<double>(plan.length) : -1.0;
    if (plan.length == 0) {
      Launch<Device>::map(ctx, plan.outputs,
                          [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<T>(R::finish(R::init(), n)); });
      return;
    }
    Launch<Device>::template reduce<A>(
        ctx, plan, R::init(), [=] PT_LAMBDA(int64_t i) { return R::load(static_cast<A>(x[i])); },
        [] PT_LAMBDA(A a, A b) { return R::combine(a, b); },
        [=] PT_LAMBDA(int64_t o, A total) { y[o] = static_cast<T>(static_cast<Compute<T>>(R::finish(total, n))); });
  }
  ReducePlan plan;
  bool mean;
};

// A position as an element of any type.
PT_HD void store_position(void* y, DType type, int64_t i, int64_t position) {
  switch (type) {
    case DType::float32: static_cast<float*>(y)[i] = static_cast<float>(position); break;
    case DType::float64: static_cast<double*>(y)[i] = static_cast<double>(position); break;
    case DType::float16: static_cast<Half*>(y)[i] = Half(static_cast<float>(position)); break;
    case DType::bfloat16: static_cast<BFloat16*>(y)[i] = BFloat16(static_cast<float>(position)); break;
    case DType::int64: static_cast<int64_t*>(y)[i] = position; break;
    case DType::int32: static_cast<int32_t*>(y)[i] = static_cast<int32_t>(position); break;
    case DType::int8: static_cast<int8_t*>(y)[i] = static_cast<int8_t>(position); break;
    case DType::uint8: static_cast<uint8_t*>(y)[i] = static_cast<uint8_t>(position); break;
    case DType::bool_: static_cast<bool*>(y)[i] = position != 0; break;
  }
}

// Position of the largest (or smallest) element along one axis, the first of equals; attributes axis (-1: of the
// whole array), find_max.
template <class Device, class T>
struct ArgKernel : Kernel {
  explicit ArgKernel(const KernelSpec& s)
      : length(1), inner(1), largest(s.attrs.flag("find_max")), type(s.out[0].dtype) {
    const Shape& shape = s.in[0].shape;
    const int64_t axis = s.attrs.integer("axis");
    if (axis < 0) {
      length = s.in[0].size();
    } else {
      length = shape[static_cast<size_t>(axis)];
      for (size_t d = static_cast<size_t>(axis) + 1; d < shape.size(); ++d) inner *= shape[d];
    }
    outputs = s.out[0].size();
    if (length == 0 && outputs > 0) throw std::invalid_argument("an empty axis has no largest or smallest element");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    void* y = out[0];
    const int64_t len = length, step = inner;
    const bool up = largest;
    const DType to = type;
    Rows<Device>::each(ctx, outputs, len, [=] PT_LAMBDA(int64_t o) {
      const T* row = x + o / step * len * step + o % step;
      const auto beats = [=](int64_t k, C best) {
        const C v = static_cast<C>(row[k * step]);
        return up ? v > best : v < best;
      };
      int64_t at = 0;
      for (int64_t begin = 1; begin < len; begin += kTogether) {
        const int64_t end = begin + kTogether < len ? begin + kTogether : len;
        const C best = static_cast<C>(row[at * step]);
        int any = 0;  // mostly nothing does, which SIMD tells fast
        for (int64_t k = begin; k < end; ++k) any |= beats(k, best);
        for (int64_t k = begin; any && k < end; ++k) {
          if (beats(k, static_cast<C>(row[at * step]))) at = k;
        }
      }
      store_position(y, to, o, at);
    });
  }
  static constexpr int64_t kTogether = std::is_same_v<Device, Cpu> ? 256 : 1;
  int64_t length, inner, outputs;
  bool largest;
  DType type;
};

// Running sums along one axis; attributes axis, reverse.
template <class Device, class T, class U>
struct CumsumKernel : Kernel {
  explicit CumsumKernel(const KernelSpec& s) : reverse(s.attrs.flag("reverse")) {
    const Shape& view = s.attrs.ints("view");
    outer = view.at(0);
    length = view.at(1);
    inner = view.at(2);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = typename SumType<U>::type;
    const T* x = static_cast<const T*>(in[0]);
    U* y = static_cast<U*>(out[0]);
    const int64_t len = length, step = inner;
    const bool back = reverse;
    Rows<Device>::each(ctx, outer * inner, len, [=] PT_LAMBDA(int64_t row) {
      const int64_t base = row / step * len * step + row % step;
      A sum = 0;
      for (int64_t k = 0; k < len; ++k) {
        const int64_t i = base + (back ? len - 1 - k : k) * step;
        sum += static_cast<A>(x[i]);
        y[i] = static_cast<U>(static_cast<Compute<U>>(sum));
      }
    });
  }
  int64_t outer, length, inner;
  bool reverse;
};

// 1 if no element of any input is infinite or NaN, else 0. Attribute init: whether to begin with 1; else with what the
// output holds.
template <class Device>
struct AllFiniteKernel : Kernel {
  explicit AllFiniteKernel(const KernelSpec& s) : init(s.attrs.flag("init")) {
    for (const TensorDesc& d : s.in) {
      dispatch_float(d.dtype, [](auto) { return 0; });  // raises for other types
      types.push_back(d.dtype);
      plans.push_back(plan_reduce(d.shape, std::vector<bool>(d.shape.size(), true)));
      if (d.size() == 0) plans.back().length = 0;
    }
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    float* y = static_cast<float*>(out[0]);
    if (init) Launch<Device>::map(ctx, 1, [=] PT_LAMBDA(int64_t i) { y[i] = 1.0f; });
    for (size_t k = 0; k < plans.size(); ++k) {
      if (plans[k].length == 0) continue;
      dispatch_float(types[k], [&](auto tag) {
        check(ctx, plans[k], static_cast<const typename decltype(tag)::type*>(in[k]), y);
        return 0;
      });
    }
  }
  template <class T>
  static void check(const RunContext& ctx, const ReducePlan& plan, const T* x, float* y) {
    using C = Compute<T>;
    Launch<Device>::template reduce<int32_t>(
        ctx, plan, 1, [=] PT_LAMBDA(int64_t i) { return static_cast<C>(x[i]) - static_cast<C>(x[i]) == C(0) ? 1 : 0; },
        [] PT_LAMBDA(int32_t a, int32_t b) { return a & b; },
        [=] PT_LAMBDA(int64_t o, int32_t total) { y[o] = total ? y[o] : 0.0f; });
  }
  bool init;
  std::vector<DType> types;
  std::vector<ReducePlan> plans;
};

template <class Device, template <class> class Reducer>
std::unique_ptr<Kernel> make_reduce(const KernelSpec& s, const std::vector<bool>& axes) {
  return dispatch(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
    using T = typename decltype(tag)::type;
    return std::make_unique<ReduceKernel<Device, Reducer<typename SumType<T>::type>, T>>(s, axes);
  });
}

template <class Device, template <class> class Reducer>
void add_reduce(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) { return make_reduce<Device, Reducer>(s, reduced_axes(s)); });
}

template <class Device>
void register_reduce(Registry& r) {
  add_reduce<Device, red::Sum>(r, "sum");
  add_reduce<Device, red::Sum>(r, "mean");
  add_reduce<Device, red::NanSum>(r, "nansum");
  add_reduce<Device, red::Prod>(r, "prod");
  add_reduce<Device, red::NanProd>(r, "nanprod");
  add_reduce<Device, red::Max>(r, "max");
  add_reduce<Device, red::Min>(r, "min");
  add_reduce<Device, red::Norm1>(r, "norm1");
  add_reduce<Device, red::Norm2>(r, "norm2");
  r.add("sum_like", [](const KernelSpec& s) {
    return make_reduce<Device, red::Sum>(s, repeated_axes(s.in[0].shape, s.out[0].shape));
  });
  // The input seen with another shape (attribute view), summed over its axes.
  r.add("sum_view", [](const KernelSpec& s) {
    KernelSpec seen = s;
    seen.in[0].shape = s.attrs.ints("view");
    return make_reduce<Device, red::Sum>(seen, reduced_axes(seen));
  });
  r.add("arg_extreme", [](const KernelSpec& s) {
    return dispatch(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<ArgKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("all_finite",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<AllFiniteKernel<Device>>(s); });
  r.add("cumsum", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    const DType from = s.in[0].dtype, to = s.out[0].dtype;
    if (from == to) {
      return dispatch(from, [&](auto tag) -> std::unique_ptr<Kernel> {
        using T = typename decltype(tag)::type;
        return std::make_unique<CumsumKernel<Device, T, T>>(s);
      });
    }
    if (from == DType::float32 && to == DType::float64) return std::make_unique<CumsumKernel<Device, float, double>>(s);
    if (from == DType::float16 && to == DType::float32) return std::make_unique<CumsumKernel<Device, Half, float>>(s);
    if (from == DType::int32 && to == DType::int64) return std::make_unique<CumsumKernel<Device, int32_t, int64_t>>(s);
    return nullptr;
  });
}

}  // namespace paratrain
