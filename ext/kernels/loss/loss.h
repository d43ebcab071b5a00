// Kernels of losses and output layers.
#pragma once
#include "kernels/add.h"
#include "kernels/loss/ctc.h"
#include "kernels/loss/output.h"
#include "kernels/loss/output_dense.h"

namespace paratrain {

// 0.5 * (s x)^2 where |x| < 1 / s^2, else |x| - 0.5 / s^2; attribute scalar is s.
template <class Device, class T>
struct SmoothL1Kernel : Kernel {
  explicit SmoothL1Kernel(const KernelSpec& s) : n(s.out[0].size()), sigma(s.attrs.real("scalar")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const A square = static_cast<A>(sigma * sigma);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const A v = static_cast<A>(x[i]), size = v < A(0) ? -v : v;
      y[i] = static_cast<T>(size < A(1) / square ? A(0.5) * square * v * v : size - A(0.5) / square);
    });
  }
  int64_t n;
  double sigma;
};

// (dY, X) -> dX
template <class Device, class T>
struct SmoothL1GradKernel : Kernel {
  explicit SmoothL1GradKernel(const KernelSpec& s) : n(s.out[0].size()), sigma(s.attrs.real("scalar")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const A square = static_cast<A>(sigma * sigma);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const A v = static_cast<A>(x[i]), slope = square * v;
      dx[i] = static_cast<T>(static_cast<A>(dy[i]) * (slope > A(1) ? A(1) : (slope < A(-1) ? A(-1) : slope)));
    });
  }
  int64_t n;
  double sigma;
};

template <class Device, template <class, class> class K>
void add_loss(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return make_wide<Device>(s, s.out[0].dtype, [](const KernelSpec& w, auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<K<Device, typename decltype(tag)::type>>(w);
    });
  });
}

// K<Device, T, U> with T the type of X and dX, U that of Y: the same, or float for half precision.
template <class Device, template <class, class, class> class K>
std::unique_ptr<Kernel> make_softmax(const KernelSpec& s, DType x, DType y) {
  return dispatch_float(x, [&](auto tag) -> std::unique_ptr<Kernel> {
    using T = typename decltype(tag)::type;
    if (x == y) return std::make_unique<K<Device, T, T>>(s);
    if constexpr (sizeof(T) == 2) {
      if (y == DType::float32) return std::make_unique<K<Device, T, float>>(s);
    }
    return nullptr;
  });
}

template <class Device>
void register_loss(Registry& r) {
  r.add("softmax",
        [](const KernelSpec& s) { return make_softmax<Device, SoftmaxKernel>(s, s.in[0].dtype, s.out[0].dtype); });
  r.add("softmax_grad",
        [](const KernelSpec& s) { return make_softmax<Device, SoftmaxGradKernel>(s, s.out[0].dtype, s.in[1].dtype); });
  add_loss<Device, SoftmaxOutputGradKernel>(r, "softmax_output_grad");
  add_loss<Device, DenseSoftmaxGradKernel>(r, "dense_softmax_grad");
  add_loss<Device, CrossEntropyKernel>(r, "softmax_cross_entropy");
  add_loss<Device, CrossEntropyGradKernel>(r, "softmax_cross_entropy_grad");
  add_loss<Device, RegressionGradKernel>(r, "regression_grad");
  add_loss<Device, MakeLossGradKernel>(r, "make_loss_grad");
  add_loss<Device, SvmGradKernel>(r, "svm_grad");
  add_float<Device, SmoothL1Kernel>(r, "smooth_l1");
  add_float<Device, SmoothL1GradKernel>(r, "smooth_l1_grad");
  add_loss<Device, CtcKernel>(r, "ctc");
}

}  // namespace paratrain
