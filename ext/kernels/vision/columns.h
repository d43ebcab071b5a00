// Windows of an image as the columns of a matrix, and back: (N, C, ...) <-> (N, C * kernel size, windows).
#pragma once
#include "kernels/nn/convolution.h"

namespace paratrain {

// Attributes kernel, stride, dilate, pad, windows (their number along each axis); data: (N, C, ...).
ConvGeometry column_geometry(const Attrs& attrs, const Shape& data);

// data -> columns
template <class Device, class T>
struct Im2colKernel : Kernel {
  explicit Im2colKernel(const KernelSpec& s) : g(column_geometry(s.attrs, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const ConvGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    Launch<Device>::map(ctx, geo.batch * geo.channels * geo.kernel_size() * geo.out_size(), [=] PT_LAMBDA(int64_t i) {
      const int64_t o = i % geo.out_size(), k = i / geo.out_size() % geo.kernel_size();
      const int64_t a = conv::source(geo, 0, o / (geo.out[2] * geo.out[1]), k / (geo.kernel[2] * geo.kernel[1]));
      const int64_t b = conv::source(geo, 1, o / geo.out[2] % geo.out[1], k / geo.kernel[2] % geo.kernel[1]);
      const int64_t c = conv::source(geo, 2, o % geo.out[2], k % geo.kernel[2]);
      const T* plane = x + i / (geo.out_size() * geo.kernel_size()) * geo.in_size();
      const bool inside = a >= 0 && b >= 0 && c >= 0;
      y[i] = inside ? plane[(a * geo.in[1] + b) * geo.in[2] + c] : static_cast<T>(Compute<T>(0));
    });
  }
  ConvGeometry g;
};

// columns -> data: each element the sum of its copies
template <class Device, class T>
struct Col2imKernel : Kernel {
  explicit Col2imKernel(const KernelSpec& s) : g(column_geometry(s.attrs, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const ConvGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, geo.batch * geo.channels * geo.in_size(), 4 * geo.kernel_size(), [=] PT_LAMBDA(int64_t i) {
      const int64_t at[3] = {i / (geo.in[2] * geo.in[1]) % geo.in[0], i / geo.in[2] % geo.in[1], i % geo.in[2]};
      const T* columns = x + i / geo.in_size() * geo.kernel_size() * geo.out_size();
      C sum = 0;
      for (int64_t k = 0; k < geo.kernel_size(); ++k) {
        const int64_t a = conv::target(geo, 0, at[0], k / (geo.kernel[2] * geo.kernel[1]));
        const int64_t b = conv::target(geo, 1, at[1], k / geo.kernel[2] % geo.kernel[1]);
        const int64_t c = conv::target(geo, 2, at[2], k % geo.kernel[2]);
        if (a < 0 || b < 0 || c < 0) continue;
        sum += static_cast<C>(columns[k * geo.out_size() + (a * geo.out[1] + b) * geo.out[2] + c]);
      }
      y[i] = static_cast<T>(sum);
    });
  }
  ConvGeometry g;
};

}  // namespace paratrain
