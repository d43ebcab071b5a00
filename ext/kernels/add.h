// How families put their kernels into a registry.
#pragma once
#include "kernels/launch/launch.h"

namespace paratrain {

// A kernel class template of (device, element type of the first input).
template <class Device, template <class, class> class Class>
void add_float(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<Class<Device, typename decltype(tag)::type>>(s);
    });
  });
}

// The CPU's kernel for float32 between casts, for a spec with 16-bit floats; `make` is given the spec with float32 in
// their place (widened_cpu.cc).  The kernel must not change its inputs.
std::unique_ptr<Kernel> make_widened(const KernelSpec& s, const Factory& make);

// make(spec, Tag<T>()) for the float type that the spec has in `type`.  For kernels that are rarely used with 16-bit
// floats: on the CPU they are not compiled for these, which would take half of the time of all, but widened.  Not for
// elementwise ones, which must do without a workspace in chains.
template <class Device, class F>
std::unique_ptr<Kernel> make_wide(const KernelSpec& s, DType type, F make) {
  if constexpr (std::is_same_v<Device, Cpu>) {
    switch (type) {
      case DType::float32: return make(s, Tag<float>());
      case DType::float64: return make(s, Tag<double>());
      case DType::float16:
      case DType::bfloat16: return make_widened(s, [make](const KernelSpec& w) { return make(w, Tag<float>()); });
      default: break;
    }
    throw std::invalid_argument(std::string("a floating point type is needed; got ") + name_of(type));
  } else {
    return dispatch_float(type, [&](auto tag) { return make(s, tag); });
  }
}

// As `add_float`, for such kernels.
template <class Device, template <class, class> class Class>
void add_wide(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return make_wide<Device>(s, s.in[0].dtype, [](const KernelSpec& w, auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<Class<Device, typename decltype(tag)::type>>(w);
    });
  });
}

// A few numbers that a kernel is made with, as it takes them to the GPU.
struct Numbers {
  static constexpr int kMost = 64;
  explicit Numbers(const std::vector<double>& from) : count(static_cast<int64_t>(from.size())) {
    if (from.size() > kMost) throw std::invalid_argument("at most 64 numbers are supported");
    for (size_t i = 0; i < from.size(); ++i) v[i] = from[i];
  }
  int64_t count;
  double v[kMost];
};

}  // namespace paratrain
