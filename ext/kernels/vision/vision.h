// Operators of computer vision networks.
#pragma once
#include "kernels/add.h"
#include "kernels/vision/columns.h"
#include "kernels/vision/correlation.h"
#include "kernels/vision/deformable.h"
#include "kernels/vision/regions.h"
#include "kernels/vision/resize.h"
#include "kernels/vision/sampler.h"

namespace paratrain {

template <class Device>
void register_vision(Registry& r) {
  add_float<Device, AdaptivePoolKernel>(r, "adaptive_pool");
  add_float<Device, AdaptivePoolGradKernel>(r, "adaptive_pool_grad");
  add_float<Device, BilinearResizeKernel>(r, "bilinear_resize");
  add_float<Device, BilinearResizeGradKernel>(r, "bilinear_resize_grad");
  add_float<Device, UpsampleKernel>(r, "upsample");
  add_float<Device, UpsampleGradKernel>(r, "upsample_grad");
  add_float<Device, AffineGridKernel>(r, "affine_grid");
  add_float<Device, AffineGridGradKernel>(r, "affine_grid_grad");
  add_float<Device, WarpGridKernel>(r, "warp_grid");
  add_float<Device, BilinearSamplerKernel>(r, "bilinear_sampler");
  add_float<Device, BilinearSamplerGradKernel>(r, "bilinear_sampler_grad");
  add_float<Device, SpatialTransformerKernel>(r, "spatial_transformer");
  add_float<Device, CorrelationKernel>(r, "correlation");
  add_float<Device, CorrelationGradKernel>(r, "correlation_grad");
  add_float<Device, Im2colKernel>(r, "im2col");
  add_float<Device, Col2imKernel>(r, "col2im");
  add_float<Device, DeformableConvKernel>(r, "deformable_convolution");
  add_float<Device, DeformableConvGradKernel>(r, "deformable_convolution_grad");
  add_float<Device, RoiPoolKernel>(r, "roi_pool");
  add_float<Device, RoiPoolGradKernel>(r, "roi_pool_grad");
  add_float<Device, RoiAlignKernel>(r, "roi_align");
  add_float<Device, RoiAlignGradKernel>(r, "roi_align_grad");
  add_float<Device, SensitivePoolKernel>(r, "sensitive_pool");
  add_float<Device, SensitivePoolGradKernel>(r, "sensitive_pool_grad");
}

}  // namespace paratrain
