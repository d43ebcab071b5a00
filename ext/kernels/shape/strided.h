// Copies between a row-major array and a strided view of another one.  Transposes, slices, flips, repeats, tiles,
// broadcasts, diagonals, joins and splits are all such views; only the bytes of an element matter.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

constexpr int kMaxStrided = 16;

// Place i (row-major) of the view is element offset + sum of index[d] * stride[d] of the array behind it.
struct StridedPlan {
  int ndim = 0;
  int64_t size = 1, offset = 0;
  int64_t shape[kMaxStrided], stride[kMaxStrided];
};

// Merges neighbouring axes; throws logic_error if the view leaves an array of `elements`.
StridedPlan plan_strided(const Shape& shape, const Shape& strides, int64_t offset, int64_t elements);

template <class Device, class T>
struct StridedLoop {
  // y[i] = view of x at i
  static void gather(const RunContext& ctx, const StridedPlan& p, const T* x, T* y) {
    const StridedPlan plan = p;
    Launch<Device>::map(ctx, plan.size, [=] PT_LAMBDA(int64_t i) {
      y[i] = x[plan.offset + offset_of(i, plan.ndim, plan.shape, plan.stride)];
    });
  }
  // view of y at i = x[i]
  static void scatter(const RunContext& ctx, const StridedPlan& p, const T* x, T* y) {
    const StridedPlan plan = p;
    Launch<Device>::map(ctx, plan.size, [=] PT_LAMBDA(int64_t i) {
      y[plan.offset + offset_of(i, plan.ndim, plan.shape, plan.stride)] = x[i];
    });
  }
  static void zero(const RunContext& ctx, int64_t n, T* y) {
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = T(0); });
  }
};

// Attributes shape, strides, offset: the view of the input that becomes the output.
template <class Device, class T>
struct StridedKernel : Kernel {
  explicit StridedKernel(const KernelSpec& s)
      : plan(plan_strided(s.attrs.ints("shape"), s.attrs.ints("strides"), s.attrs.integer("offset"), s.in[0].size())) {
    if (plan.size != s.out[0].size()) throw std::logic_error("the view and the output differ in size");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    StridedLoop<Device, T>::gather(ctx, plan, static_cast<const T*>(in[0]), static_cast<T*>(out[0]));
  }
  StridedPlan plan;
};

// Attributes shape, strides, offset: the view of the output that becomes the input; the rest of it is zero.
template <class Device, class T>
struct StridedScatterKernel : Kernel {
  explicit StridedScatterKernel(const KernelSpec& s)
      : plan(plan_strided(s.attrs.ints("shape"), s.attrs.ints("strides"), s.attrs.integer("offset"), s.out[0].size())),
        outputs(s.out[0].size()) {
    if (plan.size != s.in[0].size()) throw std::logic_error("the view and the input differ in size");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    if (plan.size != outputs) StridedLoop<Device, T>::zero(ctx, outputs, y);
    StridedLoop<Device, T>::scatter(ctx, plan, static_cast<const T*>(in[0]), y);
  }
  StridedPlan plan;
  int64_t outputs;
};

// Bits of a number as an element of a type, in the low bytes.
uint64_t element_bits(DType type, double value);

// As StridedScatterKernel, but the rest of the output is attribute value.
template <class Device, class T>
struct StridedFillKernel : Kernel {
  explicit StridedFillKernel(const KernelSpec& s)
      : plan(plan_strided(s.attrs.ints("shape"), s.attrs.ints("strides"), s.attrs.integer("offset"), s.out[0].size())),
        outputs(s.out[0].size()),
        filler(static_cast<T>(element_bits(s.out[0].dtype, s.attrs.real("value")))) {
    if (plan.size != s.in[0].size()) throw std::logic_error("the view and the input differ in size");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const T v = filler;
    Launch<Device>::map(ctx, outputs, [=] PT_LAMBDA(int64_t i) { y[i] = v; });
    StridedLoop<Device, T>::scatter(ctx, plan, static_cast<const T*>(in[0]), y);
  }
  StridedPlan plan;
  int64_t outputs;
  T filler;
};

// Arrays of the spec (all inputs or all outputs) as slabs of one array along an axis: attribute axis.
// The slab of each is a strided view of the whole.
std::vector<StridedPlan> plan_slabs(const TensorDesc& whole, const std::vector<TensorDesc>& parts, int64_t axis,
                                    bool squeezed);

template <class Device, class T>
struct ConcatKernel : Kernel {
  explicit ConcatKernel(const KernelSpec& s)
      : plans(plan_slabs(s.out[0], s.in, s.attrs.integer("axis"), s.attrs.flag("new_axis"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    for (size_t k = 0; k < plans.size(); ++k) {
      StridedLoop<Device, T>::scatter(ctx, plans[k], static_cast<const T*>(in[k]), static_cast<T*>(out[0]));
    }
  }
  std::vector<StridedPlan> plans;
};

template <class Device, class T>
struct SplitKernel : Kernel {
  explicit SplitKernel(const KernelSpec& s)
      : plans(plan_slabs(s.in[0], s.out, s.attrs.integer("axis"), s.attrs.flag("new_axis"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    for (size_t k = 0; k < plans.size(); ++k) {
      StridedLoop<Device, T>::gather(ctx, plans[k], static_cast<const T*>(in[0]), static_cast<T*>(out[k]));
    }
  }
  std::vector<StridedPlan> plans;
};

}  // namespace paratrain
