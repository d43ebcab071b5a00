// Output layers: their gradient is that of a loss, whatever arrives from above.
#pragma once
#include "kernels/loss/softmax.h"

namespace paratrain {

enum class Normalization : int { null, batch, valid };

struct SoftmaxOutputPlan {
  SoftmaxPlan view;
  double grad_scale = 1, smooth_alpha = 0, ignore_label = -1;
  bool use_ignore = false, out_grad = false, probabilities = false;  // probabilities: labels have the shape of data
  Normalization normalization = Normalization::null;
  double divisor = 1;  // what the gradient is divided by, apart from the count of valid labels
  DType label_type = DType::float32;
};

// Attributes view, grad_scale, smooth_alpha, ignore_label, use_ignore, out_grad, normalization, divisor.
SoftmaxOutputPlan plan_softmax_output(const KernelSpec& s);

// Writes into valid[0] how many of n labels differ from `ignored`.
template <class Device>
void count_labels(const RunContext& ctx, const IndexArray& labels, int64_t n, int64_t ignored, int64_t* valid) {
  const ReducePlan plan = plan_reduce({n}, {true});
  Launch<Device>::template reduce<int64_t>(
      ctx, plan, int64_t{0}, [=] PT_LAMBDA(int64_t i) { return static_cast<int64_t>(labels[i] != ignored); },
      [] PT_LAMBDA(int64_t a, int64_t b) { return a + b; },
      [=] PT_LAMBDA(int64_t, int64_t total) { *valid = total > 0 ? total : 1; });
}

// (Y, label[, dY]) -> dX
template <class Device, class T>
struct SoftmaxOutputGradKernel : Kernel {
  explicit SoftmaxOutputGradKernel(const KernelSpec& s) : plan(plan_softmax_output(s)) {}
  size_t workspace_bytes() const override { return plan.normalization == Normalization::valid ? 64 : 0; }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    if (plan.view.outer * plan.view.n * plan.view.inner == 0) return;
    if (plan.probabilities) {
      from_probabilities(ctx, in, out);
    } else {
      from_labels(ctx, in, out);
    }
    if (plan.out_grad) times(ctx, static_cast<const T*>(in[2]), static_cast<T*>(out[0]));
  }
  void from_probabilities(const RunContext& ctx, void* const* in, void* const* out) {
    using A = Compute<T>;
    const T* y = static_cast<const T*>(in[0]);
    const T* label = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const A scale = static_cast<A>(plan.grad_scale);
    Launch<Device>::map(ctx, plan.view.outer * plan.view.n * plan.view.inner, [=] PT_LAMBDA(int64_t i) {
      dx[i] = static_cast<T>((static_cast<A>(y[i]) - static_cast<A>(label[i])) * scale);
    });
  }
  void from_labels(const RunContext& ctx, void* const* in, void* const* out) {
    using A = Compute<T>;
    const T* y = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const SoftmaxOutputPlan p = plan;
    const IndexArray labels{in[1], p.label_type};
    const int64_t ignored = IndexArray::from_real(p.ignore_label);
    const int64_t* valid = nullptr;
    if (p.normalization == Normalization::valid) {
      int64_t* counted = reinterpret_cast<int64_t*>(ctx.workspace);
      count_labels<Device>(ctx, labels, p.view.outer * p.view.inner, ignored, counted);
      valid = counted;
    }
    const int64_t n = p.view.n, inner = p.view.inner;
    const A hit = static_cast<A>(1 - p.smooth_alpha), miss = static_cast<A>(n > 1 ? p.smooth_alpha / (n - 1) : 0);
    Rows<Device>::pieces(ctx, p.view.outer, n * inner, [=] PT_LAMBDA(int64_t o, int64_t begin, int64_t end) {
      const A scale = static_cast<A>(p.grad_scale / p.divisor / (valid ? static_cast<double>(*valid) : 1.0));
      const int64_t base = o * n * inner;
      if (inner == 1) {
        const int64_t label = labels[o];
        const A by = p.use_ignore && label == ignored ? A(0) : scale;
        for (int64_t k = begin; k < end; ++k) {
          dx[base + k] = static_cast<T>((static_cast<A>(y[base + k]) - miss) * by);
        }
        if (label >= begin && label < end) {
          dx[base + label] = static_cast<T>((static_cast<A>(y[base + label]) - hit) * by);
        }
        return;
      }
      for (int64_t k = begin; k < end; ++k) {
        const int64_t label = labels[o * inner + k % inner];
        const A by = p.use_ignore && label == ignored ? A(0) : scale;
        const A target = label == k / inner ? hit : miss;
        dx[base + k] = static_cast<T>((static_cast<A>(y[base + k]) - target) * by);
      }
    });
  }
  void times(const RunContext& ctx, const T* dy, T* dx) {
    using A = Compute<T>;
    Launch<Device>::map(ctx, plan.view.outer * plan.view.n * plan.view.inner, [=] PT_LAMBDA(int64_t i) {
      dx[i] = static_cast<T>(static_cast<A>(dx[i]) * static_cast<A>(dy[i]));
    });
  }
  SoftmaxOutputPlan plan;
};

// (X, label) -> -sum of log softmax(X)[row, label]; labels outside of a row add nothing.
template <class Device, class T>
struct CrossEntropyKernel : Kernel {
  explicit CrossEntropyKernel(const KernelSpec& s)
      : rows(s.in[0].shape.at(0)), n(s.in[0].shape.at(1)), type(s.in[1].dtype) {}
  size_t workspace_bytes() const override { return static_cast<size_t>(rows) * sizeof(Compute<T>); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray labels{in[1], type};
    const int64_t width = n;
    if (rows == 0) {
      Launch<Device>::map(ctx, 1, [=] PT_LAMBDA(int64_t) { *y = static_cast<T>(A(0)); });
      return;
    }
    A* losses = reinterpret_cast<A*>(ctx.workspace);
    Rows<Device>::each(ctx, rows, 8 * width, [=] PT_LAMBDA(int64_t r) {
      const T* row = x + r * width;
      const A top = softmax::row_max<A>(width, [=](int64_t k) { return static_cast<A>(row[k]); });
      const A sum =
          softmax::row_sum<A>(width, [=](int64_t k) { return smooth::exp_nonpositive(static_cast<A>(row[k]) - top); });
      const int64_t label = labels[r];
      losses[r] = label >= 0 && label < width ? top + std::log(sum) - static_cast<A>(row[label]) : A(0);
    });
    const ReducePlan plan = plan_reduce({rows}, {true});
    Launch<Device>::template reduce<A>(
        ctx, plan, A(0), [=] PT_LAMBDA(int64_t i) { return losses[i]; }, [] PT_LAMBDA(A a, A b) { return a + b; },
        [=] PT_LAMBDA(int64_t, A total) { *y = static_cast<T>(total); });
  }
  int64_t rows, n;
  DType type;
};

// (dY, X, label) -> dX = dY * (softmax(X) - one_hot(label))
template <class Device, class T>
struct CrossEntropyGradKernel : Kernel {
  explicit CrossEntropyGradKernel(const KernelSpec& s)
      : rows(s.in[1].shape.at(0)), n(s.in[1].shape.at(1)), type(s.in[2].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* dy = static_cast<const T*>(in[0]);
    const T* x = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const IndexArray labels{in[2], type};
    const int64_t width = n;
    Rows<Device>::each(ctx, rows, 8 * width, [=] PT_LAMBDA(int64_t r) {
      const T* row = x + r * width;
      T* to = dx + r * width;
      const int64_t label = labels[r];
      const A head = label >= 0 && label < width ? static_cast<A>(*dy) : A(0);
      const A top = softmax::row_max<A>(width, [=](int64_t k) { return static_cast<A>(row[k]); });
      const A sum =
          softmax::row_sum<A>(width, [=](int64_t k) { return smooth::exp_nonpositive(static_cast<A>(row[k]) - top); });
      for (int64_t k = 0; k < width; ++k) {
        const A share = smooth::exp_nonpositive(static_cast<A>(row[k]) - top) / sum;
        to[k] = static_cast<T>(head * (share - static_cast<A>(k == label)));
      }
    });
  }
  int64_t rows, n;
  DType type;
};

enum class Regression : int { difference, sign };

// (Y, label) -> dX = scale * (Y - label), or of its sign; attributes scale, kind.
template <class Device, class T>
struct RegressionGradKernel : Kernel {
  explicit RegressionGradKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        scale(s.attrs.real("scale")),
        kind(s.attrs.text("kind") == "sign" ? Regression::sign : Regression::difference) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* y = static_cast<const T*>(in[0]);
    const T* label = static_cast<const T*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    const A by = static_cast<A>(scale);
    const bool sign = kind == Regression::sign;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const A d = static_cast<A>(y[i]) - static_cast<A>(label[i]);
      dx[i] = static_cast<T>((sign ? static_cast<A>((d > A(0)) - (d < A(0))) : d) * by);
    });
  }
  int64_t n;
  double scale;
  Regression kind;
};

// X -> dX = scale everywhere; attribute valid: divided by the number of elements larger than thresh.
template <class Device, class T>
struct MakeLossGradKernel : Kernel {
  explicit MakeLossGradKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        scale(s.attrs.real("scale")),
        thresh(s.attrs.real("thresh")),
        valid(s.attrs.flag("valid")) {}
  size_t workspace_bytes() const override { return 64; }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const A by = static_cast<A>(scale);
    if (!valid || n == 0) {
      Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { dx[i] = static_cast<T>(by); });
      return;
    }
    const A limit = static_cast<A>(thresh);
    int64_t* counted = reinterpret_cast<int64_t*>(ctx.workspace);
    const ReducePlan plan = plan_reduce({n}, {true});
    Launch<Device>::template reduce<int64_t>(
        ctx, plan, int64_t{0}, [=] PT_LAMBDA(int64_t i) { return static_cast<int64_t>(static_cast<A>(x[i]) > limit); },
        [] PT_LAMBDA(int64_t a, int64_t b) { return a + b; },
        [=] PT_LAMBDA(int64_t, int64_t total) { *counted = total > 0 ? total : 1; });
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { dx[i] = static_cast<T>(by / static_cast<A>(*counted)); });
  }
  int64_t n;
  double scale, thresh;
  bool valid;
};

// (X, label) -> dX of the hinge loss of X (rows, n) against one label a row; attributes margin, scale, linear.
template <class Device, class T>
struct SvmGradKernel : Kernel {
  explicit SvmGradKernel(const KernelSpec& s)
      : rows(s.out[0].shape.at(0)),
        width(rows ? s.out[0].size() / rows : 0),
        margin(s.attrs.real("margin")),
        scale(s.attrs.real("scale")),
        linear(s.attrs.flag("linear")),
        type(s.in[1].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using A = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const IndexArray labels{in[1], type};
    const A gap = static_cast<A>(margin), by = static_cast<A>(scale);
    const bool first_order = linear;
    const int64_t n = width;
    Launch<Device>::map(ctx, rows * n, [=] PT_LAMBDA(int64_t i) {
      const A sign = labels[i / n] == i % n ? A(-1) : A(1);
      const A over = gap + sign * static_cast<A>(x[i]);
      dx[i] = static_cast<T>(over > A(0) ? sign * by * (first_order ? A(1) : A(2) * over) : A(0));
    });
  }
  int64_t rows, width;
  double margin, scale;
  bool linear;
  DType type;
};

}  // namespace paratrain
