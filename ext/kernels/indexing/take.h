// Rows of an array by position, and the sum of rows back to where they were taken from.
#pragma once
#include "kernels/indexing/index.h"
#include "kernels/launch/rows.h"

namespace paratrain {

// The array as (outer, axis, inner); positions choose along the axis.
struct TakePlan {
  int64_t outer = 1, axis = 1, inner = 1, positions = 0;
};

// Attribute axis (from the front) of `array`; `positions` is the size of the array of positions.
TakePlan plan_take(const Shape& array, int64_t axis, int64_t positions);
// The same from attribute view, for one position at each place of the other axes.
TakePlan plan_pick(const KernelSpec& s, const TensorDesc& array);

// y[o, p, i] = x[o, index[p], i]; attributes axis, mode, array: which of the two inputs is x.
template <class Device, class T>
struct TakeKernel : Kernel {
  explicit TakeKernel(const KernelSpec& s)
      : array(static_cast<size_t>(s.attrs.integer("array"))),
        plan(plan_take(s.in.at(array).shape, s.attrs.integer("axis"), s.in.at(1 - array).size())),
        type(s.in[1 - array].dtype),
        mode(outside_of(s.attrs.text("mode"))) {
    refuse_raise<Device>(mode);
    if (plan.axis == 0 && s.out[0].size() > 0) throw std::invalid_argument("cannot take from an empty axis");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[array]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[1 - array], type};
    const TakePlan p = plan;
    const Outside how = mode;
    if (how == Outside::raise) check_positions(index, p.positions, 0, p.axis);
    if (p.inner == 1) {
      Launch<Device>::map(ctx, p.outer * p.positions, [=] PT_LAMBDA(int64_t i) {
        y[i] = x[i / p.positions * p.axis + inside(index[i % p.positions], p.axis, how)];
      });
      return;
    }
    Rows<Device>::pieces(ctx, p.outer * p.positions, p.inner, [=] PT_LAMBDA(int64_t row, int64_t begin, int64_t end) {
      const int64_t o = row / p.positions, at = inside(index[row % p.positions], p.axis, how);
      const T* from = x + (o * p.axis + at) * p.inner;
      T* to = y + row * p.inner;
      for (int64_t k = begin; k < end; ++k) to[k] = from[k];
    });
  }
  size_t array;
  TakePlan plan;
  DType type;
  Outside mode;
};

// (dY, index) -> dX with dX[o, index[p], i] = sum of dY[o, p, i]; attributes axis, mode.
// Each column of dX is summed by one thread in the order of the positions: no atomics, the same bits every time.
template <class Device, class T>
struct TakeGradKernel : Kernel {
  using A = Compute<T>;
  static constexpr bool kNarrow = sizeof(T) < sizeof(A);  // half precision is summed in float
  explicit TakeGradKernel(const KernelSpec& s)
      : plan(plan_take(s.out[0].shape, s.attrs.integer("axis"), s.in[1].size())),
        type(s.in[1].dtype),
        mode(outside_of(s.attrs.text("mode"))) {
    refuse_raise<Device>(mode);
  }
  size_t workspace_bytes() const override {
    return kNarrow ? static_cast<size_t>(plan.outer * plan.axis * plan.inner) * sizeof(A) : 0;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const int64_t n = plan.outer * plan.axis * plan.inner;
    T* dx = static_cast<T*>(out[0]);
    if constexpr (kNarrow) {
      A* sums = reinterpret_cast<A*>(ctx.workspace);
      add_rows(ctx, in, sums, n);
      Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { dx[i] = static_cast<T>(sums[i]); });
    } else {
      add_rows(ctx, in, dx, n);
    }
  }
  void add_rows(const RunContext& ctx, void* const* in, A* sums, int64_t n) {
    const T* dy = static_cast<const T*>(in[0]);
    const IndexArray index{in[1], type};
    const TakePlan p = plan;
    const Outside how = mode;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { sums[i] = A(0); });
    if (p.axis == 0) return;
    if (how == Outside::raise) check_positions(index, p.positions, 0, p.axis);
    Rows<Device>::columns(ctx, p.outer, p.inner, p.positions, [=] PT_LAMBDA(int64_t o, int64_t begin, int64_t end) {
      for (int64_t k = 0; k < p.positions; ++k) {
        const T* from = dy + (o * p.positions + k) * p.inner;
        A* to = sums + (o * p.axis + inside(index[k], p.axis, how)) * p.inner;
        for (int64_t c = begin; c < end; ++c) to[c] += static_cast<A>(from[c]);
      }
    });
  }
  TakePlan plan;
  DType type;
  Outside mode;
};

// Attributes view (outer, axis, inner), mode: y[o, i] = x[o, index[o, i], i], one element for each place of the other
// axes.
template <class Device, class T>
struct PickKernel : Kernel {
  explicit PickKernel(const KernelSpec& s)
      : plan(plan_pick(s, s.in[0])), type(s.in[1].dtype), mode(outside_of(s.attrs.text("mode"))) {
    refuse_raise<Device>(mode);
    if (plan.axis == 0 && s.out[0].size() > 0) throw std::invalid_argument("cannot pick from an empty axis");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[1], type};
    const TakePlan p = plan;
    const Outside how = mode;
    if (how == Outside::raise) check_positions(index, p.outer * p.inner, 0, p.axis);
    Launch<Device>::map(ctx, p.outer * p.inner, [=] PT_LAMBDA(int64_t i) {
      y[i] = x[(i / p.inner * p.axis + inside(index[i], p.axis, how)) * p.inner + i % p.inner];
    });
  }
  TakePlan plan;
  DType type;
  Outside mode;
};

// (dY, index) -> dX: dY at the picked places, zero elsewhere.
template <class Device, class T>
struct PickGradKernel : Kernel {
  explicit PickGradKernel(const KernelSpec& s)
      : plan(plan_pick(s, s.out[0])), type(s.in[1].dtype), mode(outside_of(s.attrs.text("mode"))) {
    refuse_raise<Device>(mode);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const IndexArray index{in[1], type};
    const TakePlan p = plan;
    const Outside how = mode;
    if (p.axis == 0) return;
    Launch<Device>::map(ctx, p.outer * p.axis * p.inner, [=] PT_LAMBDA(int64_t i) { dx[i] = T(0); });
    Launch<Device>::map(ctx, p.outer * p.inner, [=] PT_LAMBDA(int64_t i) {
      dx[(i / p.inner * p.axis + inside(index[i], p.axis, how)) * p.inner + i % p.inner] = dy[i];
    });
  }
  TakePlan plan;
  DType type;
  Outside mode;
};

}  // namespace paratrain
