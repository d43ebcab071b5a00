// Kernels that move elements or tell about shapes.
#pragma once
#include "kernels/shape/pad.h"
#include "kernels/shape/strided.h"

namespace paratrain {

// Attribute values: the elements of the output (the shape of an array, or its size).
template <class Device>
struct ConstantKernel : Kernel {
  explicit ConstantKernel(const KernelSpec& s) : n(s.out[0].size()) {
    const Shape& given = s.attrs.ints("values");
    if (given.size() > kMaxStrided || static_cast<int64_t>(given.size()) != n) {
      throw std::invalid_argument("at most 16 axes are supported");
    }
    for (size_t i = 0; i < given.size(); ++i) values.v[i] = given[i];
  }
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    int64_t* y = static_cast<int64_t*>(out[0]);
    const Values all = values;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = all.v[i]; });
  }
  struct Values {
    int64_t v[kMaxStrided];
  };
  int64_t n;
  Values values;
};

// A strided view times attribute scale: gradients of means.
template <class Device, class T>
struct StridedScaleKernel : Kernel {
  explicit StridedScaleKernel(const KernelSpec& s)
      : plan(plan_strided(s.attrs.ints("shape"), s.attrs.ints("strides"), s.attrs.integer("offset"), s.in[0].size())),
        scale(s.attrs.real("scale")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const StridedPlan p = plan;
    const Compute<T> by = static_cast<Compute<T>>(scale);
    Launch<Device>::map(ctx, p.size, [=] PT_LAMBDA(int64_t i) {
      const int64_t from = p.offset + offset_of(i, p.ndim, p.shape, p.stride);
      y[i] = static_cast<T>(static_cast<Compute<T>>(x[from]) * by);
    });
  }
  StridedPlan plan;
  double scale;
};

// 1 on diagonal k of a matrix with `columns`, else 0.
template <class Device, class T>
struct EyeKernel : Kernel {
  explicit EyeKernel(const KernelSpec& s)
      : n(s.out[0].size()), columns(s.out[0].shape.at(1)), diagonal(s.attrs.integer("k")) {}
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const int64_t width = columns, k = diagonal;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      y[i] = static_cast<T>(static_cast<Compute<T>>(i / width + k == i % width));
    });
  }
  int64_t n, columns, diagonal;
};

template <class Device, template <class, class> class K>
void add_mover(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_width(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<K<Device, typename decltype(tag)::type>>(s);
    });
  });
}

template <class Device>
void register_shape(Registry& r) {
  add_mover<Device, StridedKernel>(r, "strided");
  add_mover<Device, StridedScatterKernel>(r, "strided_scatter");
  add_mover<Device, StridedFillKernel>(r, "strided_fill");
  add_mover<Device, ConcatKernel>(r, "concat");
  add_mover<Device, SplitKernel>(r, "split");
  add_mover<Device, PadKernel>(r, "pad");
  r.add("constant",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<ConstantKernel<Device>>(s); });
  r.add("strided_scale", [](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<StridedScaleKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("pad_grad", [](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<PadGradKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("eye", [](const KernelSpec& s) {
    return dispatch(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<EyeKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
}

}  // namespace paratrain
