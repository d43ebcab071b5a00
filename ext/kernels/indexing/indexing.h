// Kernels that read and write by position.
#pragma once
#include "kernels/indexing/nd.h"
#include "kernels/indexing/take.h"

namespace paratrain {

// Kernels that only move elements exist once for each width of an element.
template <class Device, template <class, class> class K>
void add_by_width(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    switch (size_of(s.out[0].dtype)) {
      case 1: return std::make_unique<K<Device, uint8_t>>(s);
      case 2: return std::make_unique<K<Device, uint16_t>>(s);
      case 4: return std::make_unique<K<Device, uint32_t>>(s);
      default: return std::make_unique<K<Device, uint64_t>>(s);
    }
  });
}

template <class Device, template <class, class> class K>
void add_by_type(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<K<Device, typename decltype(tag)::type>>(s);
    });
  });
}

template <class Device>
void register_indexing(Registry& r) {
  add_by_width<Device, TakeKernel>(r, "take");
  add_by_type<Device, TakeGradKernel>(r, "take_grad");
  add_by_width<Device, PickKernel>(r, "pick");
  add_by_width<Device, PickGradKernel>(r, "pick_grad");
  add_by_width<Device, GatherNdKernel>(r, "gather_nd");
  add_by_type<Device, ScatterNdKernel>(r, "scatter_nd");
  add_by_type<Device, OneHotKernel>(r, "one_hot");
  add_by_type<Device, SequenceMaskKernel>(r, "sequence_mask");
  add_by_width<Device, SequenceLastKernel>(r, "sequence_last");
  add_by_width<Device, SequenceLastGradKernel>(r, "sequence_last_grad");
  add_by_width<Device, SequenceReverseKernel>(r, "sequence_reverse");
}

}  // namespace paratrain
