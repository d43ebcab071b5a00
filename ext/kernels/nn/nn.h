// The plain kernels of neural network layers: correct for every floating point type, on the CPU and on the GPU.
#pragma once
#include "kernels/add.h"
#include "kernels/nn/activation.h"
#include "kernels/nn/batch_norm.h"
#include "kernels/nn/convolution.h"
#include "kernels/nn/fully_connected.h"
#include "kernels/nn/lrn.h"
#include "kernels/nn/pooling.h"
#include "kernels/nn/row_norm.h"
#include "kernels/nn/sparse_reg.h"

namespace paratrain {

// A kernel class template that also depends on the type of the indices of max pooling.
template <class Device, template <class, class, class> class Class>
void add_pooling(Registry& r, const char* name, DType (*index_type)(const KernelSpec&)) {
  r.add(name, [index_type](const KernelSpec& s) {
    const bool small = index_type(s) == DType::uint8;
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      using T = typename decltype(tag)::type;
      if (small) return std::make_unique<Class<Device, T, uint8_t>>(s);
      return std::make_unique<Class<Device, T, int32_t>>(s);
    });
  });
}

template <class Device>
void register_nn(Registry& r) {
  add_wide<Device, FullyConnectedKernel>(r, "fully_connected");
  add_wide<Device, FullyConnectedKernel>(r, "fully_connected_act");
  add_wide<Device, FullyConnectedDataGradKernel>(r, "fully_connected_data_grad");
  add_wide<Device, FullyConnectedWeightGradKernel>(r, "fully_connected_weight_grad");
  add_wide<Device, ConvolutionKernel>(r, "convolution");
  add_wide<Device, ConvolutionKernel>(r, "convolution_act");
  add_wide<Device, ConvolutionDataGradKernel>(r, "convolution_data_grad");
  add_wide<Device, ConvolutionWeightGradKernel>(r, "convolution_weight_grad");
  add_pooling<Device, PoolingKernel>(
      r, "pooling", [](const KernelSpec& s) { return s.out.size() > 1 ? s.out[1].dtype : DType::uint8; });
  add_pooling<Device, PoolingGradKernel>(
      r, "pooling_grad", [](const KernelSpec& s) { return s.in.size() > 2 ? s.in[2].dtype : DType::uint8; });
#define PT_ADD(name, Functor) add_slope<Device, fn::Functor>(r, #name);
  PT_SLOPE_FUNCTIONS(PT_ADD)
#undef PT_ADD
  add_float<Device, RreluKernel>(r, "rrelu");
  add_float<Device, PreluKernel>(r, "prelu");
  add_float<Device, PreluGradKernel>(r, "prelu_grad");
  add_float<Device, BatchNormKernel>(r, "batch_norm");
  add_float<Device, BatchNormAgainKernel>(r, "batch_norm_again");
  add_float<Device, BatchNormGradKernel>(r, "batch_norm_grad");
  add_float<Device, BatchNormKernel>(r, "batch_norm_act");
  add_float<Device, BatchNormAgainKernel>(r, "batch_norm_act_again");
  add_float<Device, BatchNormGradKernel>(r, "batch_norm_act_grad");
  add_float<Device, RowNormKernel>(r, "row_norm");
  add_float<Device, RowNormGradKernel>(r, "row_norm_grad");
  add_wide<Device, L2NormKernel>(r, "l2_norm");
  add_wide<Device, L2NormGradKernel>(r, "l2_norm_grad");
  add_wide<Device, LrnKernel>(r, "lrn");
  add_wide<Device, LrnGradKernel>(r, "lrn_grad");
  add_float<Device, SparseRegKernel>(r, "sparse_reg");
  add_float<Device, SparseRegGradKernel>(r, "sparse_reg_grad");
}

}  // namespace paratrain
