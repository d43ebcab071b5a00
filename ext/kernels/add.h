// How families put their kernels into a registry.
#pragma once
#include "core/kernel.h"

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
