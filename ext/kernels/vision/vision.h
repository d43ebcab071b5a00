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
  add_wide<Device, AdaptivePoolKernel>(r, "adaptive_pool");
  add_wide<Device, AdaptivePoolGradKernel>(r, "adaptive_pool_grad");
  add_wide<Device, BilinearResizeKernel>(r, "bilinear_resize");
  add_wide<Device, BilinearResizeGradKernel>(r, "bilinear_resize_grad");
  add_wide<Device, UpsampleKernel>(r, "upsample");
  add_wide<Device, UpsampleGradKernel>(r, "upsample_grad");
  add_wide<Device, AffineGridKernel>(r, "affine_grid");
  add_wide<Device, AffineGridGradKernel>(r, "affine_grid_grad");
  add_wide<Device, WarpGridKernel>(r, "warp_grid");
  add_wide<Device, BilinearSamplerKernel>(r, "bilinear_sampler");
  add_wide<Device, BilinearSamplerGradKernel>(r, "bilinear_sampler_grad");
  add_wide<Device, SpatialTransformerKernel>(r, "spatial_transformer");
  add_wide<Device, CorrelationKernel>(r, "correlation");
  add_wide<Device, CorrelationGradKernel>(r, "correlation_grad");
  add_wide<Device, Im2colKernel>(r, "im2col");
  add_wide<Device, Col2imKernel>(r, "col2im");
  add_wide<Device, DeformableConvKernel>(r, "deformable_convolution");
  add_wide<Device, DeformableConvGradKernel>(r, "deformable_convolution_grad");
  add_wide<Device, RoiPoolKernel>(r, "roi_pool");
  add_wide<Device, RoiPoolGradKernel>(r, "roi_pool_grad");
  add_wide<Device, RoiAlignKernel>(r, "roi_align");
  add_wide<Device, RoiAlignGradKernel>(r, "roi_align_grad");
  add_wide<Device, SensitivePoolKernel>(r, "sensitive_pool");
  add_wide<Device, SensitivePoolGradKernel>(r, "sensitive_pool_grad");
}

}  // namespace paratrain
