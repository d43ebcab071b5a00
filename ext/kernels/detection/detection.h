// Operators that find objects in images.
#pragma once
#include "kernels/add.h"
#include "kernels/detection/boxes.h"
#include "kernels/detection/multibox.h"
#include "kernels/detection/nms.h"
#include "kernels/detection/proposal.h"

namespace paratrain {

// float32 or float64; the operators' definitions say so.
template <class Device, template <class, class> class Class>
void add_real(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> {
    if (s.in[0].dtype == DType::float32) return std::make_unique<Class<Device, float>>(s);
    if (s.in[0].dtype == DType::float64) return std::make_unique<Class<Device, double>>(s);
    return nullptr;
  });
}

template <class Device>
void register_detection(Registry& r) {
  add_wide<Device, BoxIouKernel>(r, "box_iou");
  add_wide<Device, BoxEncodeKernel>(r, "box_encode");
  add_wide<Device, BoxDecodeKernel>(r, "box_decode");
  add_wide<Device, BoxNmsKernel>(r, "box_nms");
  add_wide<Device, BoxNmsGradKernel>(r, "box_nms_grad");
  add_wide<Device, BipartiteKernel>(r, "bipartite_matching");
  add_real<Device, MultiBoxPriorKernel>(r, "multibox_prior");
  add_real<Device, MultiBoxTargetKernel>(r, "multibox_target");
  add_real<Device, MultiBoxDetectionKernel>(r, "multibox_detection");
  add_real<Device, ProposalKernel>(r, "proposal");
}

}  // namespace paratrain
