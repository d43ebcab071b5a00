// Everything random that is not in random.h: more distributions, choices, densities.
#pragma once
#include "kernels/random/choose.h"
#include "kernels/random/density.h"

namespace paratrain {

template <class Device>
void register_sample(Registry& r) {
  r.add("law", [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<LawKernel<Device>>(s); });
  r.add("multinomial",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<MultinomialKernel<Device>>(s); });
  r.add("multinomial_grad", [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    return std::make_unique<MultinomialGradKernel<Device>>(s);
  });
  r.add("shuffle", [](const KernelSpec& s) {
    return dispatch_width(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<ShuffleKernel<Device, typename decltype(tag)::type>>(s);
    });
  });
  r.add("density",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<DensityKernel<Device>>(s); });
  r.add("density_grad",
        [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<DensityGradKernel<Device>>(s); });
}

}  // namespace paratrain
