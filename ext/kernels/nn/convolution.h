// Convolution of one to three spatial axes with groups, stride, dilation and padding, and its two gradients, as
// direct sums.  Deconvolution is the gradient with respect to the data, with the roles of data and result exchanged.
#pragma once

#include "kernels/launch/rows.h"
#include "kernels/nn/tail.h"

namespace paratrain {

// Missing spatial axes are filled up with ones in front, so that there are always three.
struct ConvGeometry {
  int64_t batch, channels, filters, groups;
  int64_t in[3], out[3], kernel[3], stride[3], dilate[3], pad[3];

  PT_HD int64_t in_size() const { return in[0] * in[1] * in[2]; }
  PT_HD int64_t out_size() const { return out[0] * out[1] * out[2]; }
  PT_HD int64_t kernel_size() const { return kernel[0] * kernel[1] * kernel[2]; }
  PT_HD int64_t group_channels() const { return channels / groups; }
  PT_HD int64_t group_filters() const { return filters / groups; }
};

// data: (N, C, ...), result: (N, F, ...); attributes kernel, stride, dilate, pad, num_group.
ConvGeometry conv_geometry(const Attrs& attrs, const Shape& data, const Shape& result);

namespace conv {

// Where kernel place k of result place o reads in the data along axis d; negative where that is padding.
PT_HD int64_t source(const ConvGeometry& g, int d, int64_t o, int64_t k) {
  const int64_t at = o * g.stride[d] - g.pad[d] + k * g.dilate[d];
  return at < g.in[d] ? at : -1;
}

// Result place whose kernel place k reads data place i along axis d; negative where there is none.
PT_HD int64_t target(const ConvGeometry& g, int d, int64_t i, int64_t k) {
  const int64_t at = i + g.pad[d] - k * g.dilate[d];
  if (at < 0 || at % g.stride[d] != 0) return -1;
  return at / g.stride[d] < g.out[d] ? at / g.stride[d] : -1;
}

// One element of the result.
template <class T>
PT_HD Compute<T> forward(const ConvGeometry& g, const T* data, const T* weight, int64_t i) {
  const int64_t o2 = i % g.out[2], o1 = i / g.out[2] % g.out[1], o0 = i / (g.out[2] * g.out[1]) % g.out[0];
  const int64_t f = i / g.out_size() % g.filters, n = i / (g.out_size() * g.filters);
  const int64_t first = f / g.group_filters() * g.group_channels();
  const T* w = weight + f * g.group_channels() * g.kernel_size();
  Compute<T> sum = 0;
  for (int64_t c = 0; c < g.group_channels(); ++c) {
    const T* x = data + (n * g.channels + first + c) * g.in_size();
    for (int64_t k0 = 0; k0 < g.kernel[0]; ++k0) {
      const int64_t i0 = source(g, 0, o0, k0);
      for (int64_t k1 = 0; k1 < g.kernel[1]; ++k1) {
        const int64_t i1 = source(g, 1, o1, k1);
        for (int64_t k2 = 0; k2 < g.kernel[2]; ++k2, ++w) {
          const int64_t i2 = source(g, 2, o2, k2);
          if (i0 < 0 || i1 < 0 || i2 < 0) continue;
          sum += static_cast<Compute<T>>(x[(i0 * g.in[1] + i1) * g.in[2] + i2]) * static_cast<Compute<T>>(*w);
        }
      }
    }
  }
  return sum;
}

// One element of the gradient with respect to the data.
template <class T>
PT_HD Compute<T> data_grad(const ConvGeometry& g, const T* dy, const T* weight, int64_t i) {
  const int64_t i2 = i % g.in[2], i1 = i / g.in[2] % g.in[1], i0 = i / (g.in[2] * g.in[1]) % g.in[0];
  const int64_t c = i / g.in_size() % g.channels, n = i / (g.in_size() * g.channels);
  const int64_t group = c / g.group_channels(), place = c % g.group_channels();
  Compute<T> sum = 0;
  for (int64_t j = 0; j < g.group_filters(); ++j) {
    const int64_t f = group * g.group_filters() + j;
    const T* grad = dy + (n * g.filters + f) * g.out_size();
    const T* w = weight + (f * g.group_channels() + place) * g.kernel_size();
    for (int64_t k0 = 0; k0 < g.kernel[0]; ++k0) {
      const int64_t o0 = target(g, 0, i0, k0);
      for (int64_t k1 = 0; k1 < g.kernel[1]; ++k1) {
        const int64_t o1 = target(g, 1, i1, k1);
        for (int64_t k2 = 0; k2 < g.kernel[2]; ++k2, ++w) {
          const int64_t o2 = target(g, 2, i2, k2);
          if (o0 < 0 || o1 < 0 || o2 < 0) continue;
          sum += static_cast<Compute<T>>(grad[(o0 * g.out[1] + o1) * g.out[2] + o2]) * static_cast<Compute<T>>(*w);
        }
      }
    }
  }
  return sum;
}

// One element of the gradient with respect to the weight.
template <class T>
PT_HD Compute<T> weight_grad(const ConvGeometry& g, const T* dy, const T* data, int64_t i) {
  const int64_t k2 = i % g.kernel[2], k1 = i / g.kernel[2] % g.kernel[1];
  const int64_t k0 = i / (g.kernel[2] * g.kernel[1]) % g.kernel[0];
  const int64_t place = i / g.kernel_size() % g.group_channels(), f = i / (g.kernel_size() * g.group_channels());
  const int64_t c = f / g.group_filters() * g.group_channels() + place;
  Compute<T> sum = 0;
  for (int64_t n = 0; n < g.batch; ++n) {
    const T* x = data + (n * g.channels + c) * g.in_size();
    const T* grad = dy + (n * g.filters + f) * g.out_size();
    for (int64_t o0 = 0; o0 < g.out[0]; ++o0) {
      const int64_t i0 = source(g, 0, o0, k0);
      for (int64_t o1 = 0; o1 < g.out[1]; ++o1) {
        const int64_t i1 = source(g, 1, o1, k1);
        for (int64_t o2 = 0; o2 < g.out[2]; ++o2, ++grad) {
          const int64_t i2 = source(g, 2, o2, k2);
          if (i0 < 0 || i1 < 0 || i2 < 0) continue;
          sum += static_cast<Compute<T>>(*grad) * static_cast<Compute<T>>(x[(i0 * g.in[1] + i1) * g.in[2] + i2]);
        }
      }
    }
  }
  return sum;
}

}  // namespace conv

// (data, weight[, bias][, addend]) -> result; attribute has_bias, perhaps those of a Tail.
template <class Device, class T>
struct ConvolutionKernel : Kernel {
  explicit ConvolutionKernel(const KernelSpec& s)
      : g(conv_geometry(s.attrs, s.in[0].shape, s.out[0].shape)),
        n(s.out[0].size()),
        has_bias(s.attrs.flag("has_bias")),
        tail(s.attrs) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const ConvGeometry geo = g;
    const T* x = static_cast<const T*>(in[0]);                       // (N, C, in...)
    const T* w = static_cast<const T*>(in[1]);                       // (F, C / groups, kernel...)
    const T* b = has_bias ? static_cast<const T*>(in[2]) : nullptr;  // (F,)
    const T* addend = tail.has_addend ? static_cast<const T*>(in[has_bias ? 3 : 2]) : nullptr;
    T* y = static_cast<T*>(out[0]);  // (N, F, out...)
    const Tail after = tail;
    Rows<Device>::each(ctx, n, geo.group_channels() * geo.kernel_size(), [=] PT_LAMBDA(int64_t i) {
      const C bias = b ? static_cast<C>(b[i / geo.out_size() % geo.filters]) : C(0);
      const C sum = conv::forward(geo, x, w, i) + bias;
      y[i] = static_cast<T>(after(addend ? sum + static_cast<C>(addend[i]) : sum));
    });
  }
  ConvGeometry g;
  int64_t n;
  bool has_bias;
  Tail tail;
};

// (dY, weight[, bias]) -> dX; attribute has_bias: add a bias per channel of dX (as deconvolution does).
template <class Device, class T>
struct ConvolutionDataGradKernel : Kernel {
  explicit ConvolutionDataGradKernel(const KernelSpec& s)
      : g(conv_geometry(s.attrs, s.out[0].shape, s.in[0].shape)),
        n(s.out[0].size()),
        has_bias(s.attrs.flag("has_bias")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const ConvGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* w = static_cast<const T*>(in[1]);
    const T* b = has_bias ? static_cast<const T*>(in[2]) : nullptr;
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, n, geo.group_filters() * geo.kernel_size(), [=] PT_LAMBDA(int64_t i) {
      const C bias = b ? static_cast<C>(b[i / geo.in_size() % geo.channels]) : C(0);
      dx[i] = static_cast<T>(conv::data_grad(geo, dy, w, i) + bias);
    });
  }
  ConvGeometry g;
  int64_t n;
  bool has_bias;
};

// (dY, data) -> dW[, db]
template <class Device, class T>
struct ConvolutionWeightGradKernel : Kernel {
  explicit ConvolutionWeightGradKernel(const KernelSpec& s)
      : g(conv_geometry(s.attrs, s.in[1].shape, s.in[0].shape)), n(s.out[0].size()), has_bias(s.out.size() > 1) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const ConvGeometry geo = g;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    T* dw = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, n, geo.batch * geo.out_size(),
                       [=] PT_LAMBDA(int64_t i) { dw[i] = static_cast<T>(conv::weight_grad(geo, dy, x, i)); });
    if (!has_bias) return;
    T* db = static_cast<T*>(out[1]);
    Rows<Device>::each(ctx, geo.filters, geo.batch * geo.out_size(), [=] PT_LAMBDA(int64_t f) {
      C sum = 0;
      for (int64_t image = 0; image < geo.batch; ++image) {
        const T* row = dy + (image * geo.filters + f) * geo.out_size();
        for (int64_t o = 0; o < geo.out_size(); ++o) sum += static_cast<C>(row[o]);
      }
      db[f] = static_cast<T>(sum);
    });
  }
  ConvGeometry g;
  int64_t n;
  bool has_bias;
};

}  // namespace paratrain
