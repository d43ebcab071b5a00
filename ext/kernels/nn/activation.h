// Activation functions with parameters, and gradients of activation functions.
#pragma once
#include "kernels/elementwise/binary.h"
#include "kernels/elementwise/slope.h"
#include "kernels/launch/rows.h"
#include "kernels/random/random.h"

namespace paratrain {

// (data) -> result; attribute slope.
template <class Device, class Function, class T>
struct SlopeKernel : Kernel {
  explicit SlopeKernel(const KernelSpec& s) : n(s.in[0].size()), slope(s.attrs.real("slope")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const C a = static_cast<C>(slope);
    Launch<Device>::map(ctx, n,
                        [=] PT_LAMBDA(int64_t i) { y[i] = static_cast<T>(Function::value(static_cast<C>(x[i]), a)); });
  }
  int64_t n;
  double slope;
};

// (dY, data, result) -> dX; attribute slope.
template <class Device, class Function, class T>
struct SlopeGradKernel : Kernel {
  explicit SlopeGradKernel(const KernelSpec& s) : n(s.in[0].size()), slope(s.attrs.real("slope")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const T* y = static_cast<const T*>(in[2]);
    T* dx = static_cast<T*>(out[0]);
    const C a = static_cast<C>(slope);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C d = Function::derivative(static_cast<C>(x[i]), static_cast<C>(y[i]), a);
      dx[i] = static_cast<T>(static_cast<C>(dy[i]) * d);
    });
  }
  int64_t n;
  double slope;
};

// (data) -> result, slope of each element.  In training the slope below 0 is random in [low, high), otherwise the mean
// of these.
template <class Device, class T>
struct RreluKernel : Kernel {
  explicit RreluKernel(const KernelSpec& s)
      : n(s.in[0].size()),
        op_id(s.attrs.integer("op_id")),
        low(s.attrs.real("low")),
        high(s.attrs.real("high")),
        train(s.attrs.flag("train")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    T* mask = static_cast<T*>(out[1]);
    const philox::Stream stream = stream_of(ctx, op_id);
    const C first = static_cast<C>(low), span = static_cast<C>(high - low), mean = static_cast<C>((low + high) / 2);
    const bool draws = train;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C drawn = draws ? first + span * static_cast<C>(philox::uniform(philox::word(stream, i))) : mean;
      const C v = static_cast<C>(x[i]), by = fn::Leaky::derivative(v, C(0), drawn);
      y[i] = static_cast<T>(v * by);
      mask[i] = static_cast<T>(by);
    });
  }
  int64_t n, op_id;
  double low, high;
  bool train;
};

// How the slopes of prelu spread over the data: one for each channel (axis 1), or one for all.
struct PreluGeometry {
  explicit PreluGeometry(const Shape& data, int64_t slopes) : channels(slopes), inner(1), outer(1) {
    if (slopes == 1) {
      inner = count(data);
      return;
    }
    outer = data.at(0);
    for (size_t d = 2; d < data.size(); ++d) inner *= data[d];
  }
  int64_t channels, inner, outer;
};

// (data, gamma) -> result
template <class Device, class T>
struct PreluKernel : Kernel {
  explicit PreluKernel(const KernelSpec& s) : n(s.in[0].size()), g(s.in[0].shape, s.in[1].size()) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    const T* gamma = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const PreluGeometry geo = g;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C a = static_cast<C>(gamma[i / geo.inner % geo.channels]);
      y[i] = static_cast<T>(fn::Leaky::value(static_cast<C>(x[i]), a));
    });
  }
  int64_t n;
  PreluGeometry g;
};

// (dY, data, gamma) -> dX, dgamma
template <class Device, class T>
struct PreluGradKernel : Kernel {
  explicit PreluGradKernel(const KernelSpec& s) : n(s.in[1].size()), g(s.in[1].shape, s.in[2].size()) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    const T* gamma = static_cast<const T*>(in[2]);
    T* dx = static_cast<T*>(out[0]);
    T* dgamma = static_cast<T*>(out[1]);
    const PreluGeometry geo = g;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C a = static_cast<C>(gamma[i / geo.inner % geo.channels]);
      const C d = fn::Leaky::derivative(static_cast<C>(x[i]), C(0), a);
      dx[i] = static_cast<T>(static_cast<C>(dy[i]) * d);
    });
    Rows<Device>::each(ctx, geo.channels, geo.outer * geo.inner, [=] PT_LAMBDA(int64_t c) {
      C sum = 0;
      for (int64_t o = 0; o < geo.outer; ++o) {
        for (int64_t k = 0; k < geo.inner; ++k) {
          const int64_t i = (o * geo.channels + c) * geo.inner + k;
          const C v = static_cast<C>(x[i]);
          if (v <= C(0)) sum += static_cast<C>(dy[i]) * v;
        }
      }
      dgamma[c] = static_cast<T>(sum);
    });
  }
  int64_t n;
  PreluGeometry g;
};

template <class Device, class Function>
void add_slope(Registry& r, const std::string& name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<SlopeKernel<Device, Function, typename decltype(tag)::type>>(s);
    });
  });
  r.add(name + "_grad", [](const KernelSpec& s) {
    return dispatch_float(s.in[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<SlopeGradKernel<Device, Function, typename decltype(tag)::type>>(s);
    });
  });
}

}  // namespace paratrain
