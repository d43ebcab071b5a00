// Operators on images: (H, W, C) or (N, H, W, C), after to_tensor (C, H, W) or (N, C, H, W).
#pragma once
#include "kernels/add.h"
#include "kernels/image/colour.h"
#include "kernels/image/resample.h"

namespace paratrain {

// (N, H, W, C) of any type -> (N, C, H, W) of float32, divided by 255.  Attribute view: N, H * W, C.
template <class Device, class T>
struct ToTensorKernel : Kernel {
  explicit ToTensorKernel(const KernelSpec& s) : view(s.attrs.ints("view")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    float* y = static_cast<float*>(out[0]);
    const int64_t size = view.at(1), channels = view.at(2);
    Launch<Device>::map(ctx, view.at(0) * size * channels, [=] PT_LAMBDA(int64_t i) {
      const int64_t image = i / (size * channels), c = i / size % channels;
      y[i] = static_cast<float>(static_cast<Compute<T>>(x[(image * size + i % size) * channels + c])) / 255.0f;
    });
  }
  Shape view;
};

// (x - mean[c]) / std[c]; attributes mean, std, view: N, C, H * W.
template <class Device, class T>
struct ImageNormalizeKernel : Kernel {
  explicit ImageNormalizeKernel(const KernelSpec& s)
      : view(s.attrs.ints("view")), mean(s.attrs.reals("mean")), std(s.attrs.reals("std")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t size = view.at(2), channels = view.at(1);
    const Numbers means = mean, deviations = std;
    Launch<Device>::map(ctx, view.at(0) * size * channels, [=] PT_LAMBDA(int64_t i) {
      const int64_t c = i / size % channels;
      y[i] = static_cast<T>((static_cast<C>(x[i]) - static_cast<C>(means.v[c])) / static_cast<C>(deviations.v[c]));
    });
  }
  Shape view;
  Numbers mean, std;
};

// Each row in reverse, or not; T is any type of the elements' size.  Attribute view: rows, their length, elements that
// stay together.
// Without attribute known: by a random decision, which is the second result; with it: as the second input says.
template <class Device, class T>
struct RandomFlipKernel : Kernel {
  explicit RandomFlipKernel(const KernelSpec& s)
      : view(s.attrs.ints("view")), known(s.attrs.flag("known")), op_id(known ? 0 : s.attrs.integer("op_id")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const uint8_t* given = known ? static_cast<const uint8_t*>(in[1]) : nullptr;
    uint8_t* drawn = known ? nullptr : static_cast<uint8_t*>(out[1]);
    const bool decision = !known && (philox::word(stream_of(ctx, op_id), 0) & 1u) != 0;
    const int64_t length = view.at(1), inner = view.at(2);
    Launch<Device>::map(ctx, view.at(0) * length * inner, [=] PT_LAMBDA(int64_t i) {
      const int64_t at = i / inner % length;
      const bool flips = given ? *given != 0 : decision;
      y[i] = x[i + (flips ? length - 1 - 2 * at : 0) * inner];
    });
    if (drawn) Launch<Device>::map(ctx, 1, [=] PT_LAMBDA(int64_t) { *drawn = decision; });
  }
  Shape view;
  bool known;
  int64_t op_id;
};

// Kernels of 8-bit and real images.
template <class Device, template <class, class> class Class>
void add_image(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    if (s.in[0].dtype == DType::uint8) return std::make_unique<Class<Device, uint8_t>>(s);
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<Class<Device, typename decltype(tag)::type>>(s);
    });
  });
}

template <class Device>
void register_image(Registry& r) {
  r.add("image_to_tensor", [](const KernelSpec& s) {
    return dispatch(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<ToTensorKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  add_float<Device, ImageNormalizeKernel>(r, "image_normalize");
  add_image<Device, ImageResizeKernel>(r, "image_resize");
  add_image<Device, ColourKernel>(r, "image_colour");
  add_image<Device, LightingKernel>(r, "image_lighting");
  r.add("image_random_flip", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    switch (size_of(s.in[0].dtype)) {
      case 1: return std::make_unique<RandomFlipKernel<Device, uint8_t>>(s);
      case 2: return std::make_unique<RandomFlipKernel<Device, uint16_t>>(s);
      case 4: return std::make_unique<RandomFlipKernel<Device, uint32_t>>(s);
      default: return std::make_unique<RandomFlipKernel<Device, uint64_t>>(s);
    }
  });
}

}  // namespace paratrain
