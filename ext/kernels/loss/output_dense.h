// The gradient of a fully connected layer below a softmax output, without an array for the gradient between them.
#pragma once
#include "kernels/indexing/index.h"
#include "kernels/launch/launch.h"

namespace paratrain {

// (Y, label, data, weight) -> dX, dW[, db] with Y = softmax(data weight^T + bias) and one label a row; attribute scale:
// factor of the gradient Y - one_hot(label).
//
// That gradient differs from Y in one element a row, so the products read Y itself: during the run, and only then, 1 is
// taken off these elements.
template <class Device, class T>
struct DenseSoftmaxGradKernel : Kernel {
  explicit DenseSoftmaxGradKernel(const KernelSpec& s)
      : units(s.in[3].shape.at(0)),
        rows(s.in[1].size()),
        outputs(s.out.size()),
        scale(s.attrs.real("scale")),
        type(s.in[1].dtype) {
    if (s.in[0].size() != rows * units) throw std::logic_error("output layer: one label is needed for each row");
    for (const TensorDesc& d : s.out) sizes.push_back(d.size());
    to_data = inner(s, "fully_connected_data_grad", {s.in[0], s.in[3], s.in[2]}, {s.out[0]});
    to_weight = inner(s, "fully_connected_weight_grad", {s.in[0], s.in[2]}, {s.out.begin() + 1, s.out.end()});
  }

  std::string implementation() const override { return to_data->implementation(); }
  size_t saved_bytes() const { return (static_cast<size_t>(rows) * sizeof(T) + 63) / 64 * 64; }
  size_t workspace_bytes() const override {
    return saved_bytes() + std::max(to_data->workspace_bytes(), to_weight->workspace_bytes());
  }

  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    take_off(ctx, in);
    RunContext rest = ctx;
    rest.workspace = ctx.workspace + saved_bytes();
    void* data_in[] = {in[0], in[3], in[2]};
    void* weight_in[] = {in[0], in[2]};
    to_data->run(rest, data_in, out);
    to_weight->run(rest, weight_in, out + 1);
    put_back(ctx, in);
    for (size_t i = 0; scale != 1 && i < outputs; ++i) multiply(ctx, static_cast<T*>(out[i]), sizes[i]);
  }

  void take_off(const RunContext& ctx, void* const* in) {
    using A = Compute<T>;
    T* y = static_cast<T*>(in[0]);
    T* saved = reinterpret_cast<T*>(ctx.workspace);
    const IndexArray labels{in[1], type};
    const int64_t n = units;
    Launch<Device>::map(ctx, rows, [=] PT_LAMBDA(int64_t r) {
      const int64_t label = labels[r];
      if (label < 0 || label >= n) return;
      saved[r] = y[r * n + label];
      y[r * n + label] = static_cast<T>(static_cast<A>(saved[r]) - A(1));
    });
  }
  void put_back(const RunContext& ctx, void* const* in) {
    T* y = static_cast<T*>(in[0]);
    const T* saved = reinterpret_cast<const T*>(ctx.workspace);
    const IndexArray labels{in[1], type};
    const int64_t n = units;
    Launch<Device>::map(ctx, rows, [=] PT_LAMBDA(int64_t r) {
      const int64_t label = labels[r];
      if (label >= 0 && label < n) y[r * n + label] = saved[r];
    });
  }
  void multiply(const RunContext& ctx, T* values, int64_t n) {
    using A = Compute<T>;
    const A by = static_cast<A>(scale);
    Launch<Device>::map(ctx, n,
                        [=] PT_LAMBDA(int64_t i) { values[i] = static_cast<T>(static_cast<A>(values[i]) * by); });
  }

  static std::unique_ptr<Kernel> inner(const KernelSpec& s, const char* name, std::vector<TensorDesc> in,
                                       std::vector<TensorDesc> out) {
    KernelSpec spec;
    spec.name = name;
    spec.plain = s.plain;
    spec.in = std::move(in);
    spec.out = std::move(out);
    return registry(std::is_same_v<Device, Cpu> ? DeviceType::cpu : DeviceType::gpu).make(spec);
  }

  int64_t units, rows;
  size_t outputs;
  double scale;
  DType type;
  std::vector<int64_t> sizes;
  std::unique_ptr<Kernel> to_data, to_weight;
};

}  // namespace paratrain
