// Random choices: categories with given probabilities, and rows in random order.
#pragma once
#include "kernels/order/order.h"
#include "kernels/random/laws.h"
#include "kernels/shape/strided.h"

namespace paratrain {

// Probabilities (rows, k) -> `per` categories a row and, if there is a second output, the logarithms of their
// probabilities.
template <class Device>
struct MultinomialKernel : Kernel {
  explicit MultinomialKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        per(s.attrs.integer("per")),
        k(s.in[0].shape.back()),
        op_id(s.attrs.integer("op_id")),
        with_probability(s.out.size() > 1),
        from(s.in[0].dtype),
        type(s.out[0].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const RealArray data{in[0], from};
    void* y = out[0];
    void* logs = with_probability ? out[1] : nullptr;
    const philox::Stream stream = stream_of(ctx, op_id);
    const int64_t each = per, categories = k;
    const DType to = type, log_type = from;
    Rows<Device>::each(ctx, n, 16 + categories, [=] PT_LAMBDA(int64_t i) {
      Draws r(stream, i);
      const int64_t row = i / each * categories;
      double left = r.uniform();
      int64_t chosen = 0;
      for (int64_t j = 0; j < categories; ++j) {
        const double p = data[row + j];
        if (p > 0) chosen = j;  // rounding may leave something over: then the last one that is possible
        if (left < p) break;
        left -= p;
      }
      store_position(y, to, i, chosen);
      if (logs) store_real(logs, log_type, i, std::log(data[row + chosen]));
    });
  }
  int64_t n, per, k, op_id;
  bool with_probability;
  DType from, type;
};

// (gradient of the logarithms, categories, probabilities) -> gradient of the probabilities.
template <class Device>
struct MultinomialGradKernel : Kernel {
  explicit MultinomialGradKernel(const KernelSpec& s)
      : per(s.attrs.integer("per")), k(s.in[2].shape.back()), type(s.out[0].dtype), places(s.in[1].dtype) {
    rows = k ? s.in[2].size() / k : 0;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const RealArray dy{in[0], type}, data{in[2], type};
    const RealArray chosen{in[1], places};
    void* dx = out[0];
    const int64_t each = per, categories = k;
    const DType to = type;
    Launch<Device>::map(ctx, rows * k, [=] PT_LAMBDA(int64_t i) {
      const int64_t row = i / categories;
      double sum = 0;
      for (int64_t j = row * each; j < (row + 1) * each; ++j) {
        if (static_cast<int64_t>(chosen[j]) == i % categories) sum += dy[j];
      }
      store_real(dx, to, i, sum == 0 ? 0.0 : sum / data[i]);
    });
  }
  int64_t per, k, rows;
  DType type, places;
};

// X -> X with the rows (along axis 0) in random order, and the order: that of one random key for each row.
template <class Device, class T>
struct ShuffleKernel : Kernel {
  explicit ShuffleKernel(const KernelSpec& s)
      : rows(s.in[0].shape.empty() ? 1 : s.in[0].shape[0]),
        inner(rows ? s.in[0].size() / rows : 0),
        op_id(s.attrs.integer("op_id")) {}
  size_t workspace_bytes() const override { return static_cast<size_t>(rows) * sizeof(int64_t); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    int64_t* order = static_cast<int64_t*>(out[1]);
    int64_t* keys = reinterpret_cast<int64_t*>(ctx.workspace);
    const philox::Stream stream = stream_of(ctx, op_id);
    if (rows == 0) return;
    Launch<Device>::map(ctx, rows, [=] PT_LAMBDA(int64_t i) {
      const philox::Words w = philox::block(stream, static_cast<uint64_t>(i));
      keys[i] = static_cast<int64_t>((static_cast<uint64_t>(w.w[0]) << 32 | w.w[1]) >> 1);
    });
    OrderPlan plan;
    plan.n = plan.k = rows;
    plan.ascending = true;
    OrderRows<Device, int64_t>::run(ctx, plan, keys, order);
    const int64_t width = inner;
    Launch<Device>::map(ctx, rows * inner,
                        [=] PT_LAMBDA(int64_t i) { y[i] = x[order[i / width] * width + i % width]; });
  }
  int64_t rows, inner, op_id;
};

}  // namespace paratrain
