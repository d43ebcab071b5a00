// Products of attention whose operands lie between each other, as one projection leaves them: (length, batch, heads *
// parts * width), where a head's queries, keys and values are the parts.
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

// One part of such an array as matrices (batch * heads, length, width).
struct PartPlan {
  int64_t length = 0, batch = 0, heads = 0, parts = 1, which = 0, width = 0;
  int64_t size() const { return length * batch * heads * width; }
  int64_t rows() const { return length * batch * heads; }
  // Where row i of the matrices lies.
  PT_HD int64_t place(int64_t i) const {
    const int64_t l = i % length, h = i / length % heads, b = i / length / heads;
    return (((l * batch + b) * heads + h) * parts + which) * width;
  }
};

PartPlan plan_part(const TensorDesc& d, int64_t heads, int64_t parts, int64_t which);

template <class Device, class T>
void gather_part(const RunContext& ctx, const PartPlan& plan, const T* x, T* y) {
  const PartPlan p = plan;
  Rows<Device>::pieces(ctx, p.rows(), p.width, [=] PT_LAMBDA(int64_t row, int64_t begin, int64_t end) {
    const int64_t from = p.place(row), to = row * p.width;
    for (int64_t d = begin; d < end; ++d) y[to + d] = x[from + d];
  });
}

// The product of batches of matrices A (m, k) and B (k, n) or, transposed, (n, k).
std::unique_ptr<Kernel> make_product(const Registry& r, const KernelSpec& like, int64_t batch, int64_t m, int64_t n,
                                     int64_t k, bool transposed, double alpha);

PT_HD size_t aligned_bytes(size_t n) { return (n + 63) / 64 * 64; }

// Queries and keys -> their products by head, divided by the root of the width.  Attributes heads; parts and which of
// the queries (q_) and the keys (k_).  The keys are in the last input.
template <class Device, class T>
struct AttentionScoresKernel : Kernel {
  AttentionScoresKernel(const Registry& r, const KernelSpec& s)
      : queries(plan_part(s.in[0], s.attrs.integer("heads"), s.attrs.integer("q_parts"), s.attrs.integer("q_which"))),
        keys(plan_part(s.in.back(), s.attrs.integer("heads"), s.attrs.integer("k_parts"), s.attrs.integer("k_which"))),
        source(s.in.size() - 1),
        inner(make_product(r, s, queries.batch * queries.heads, queries.length, keys.length, queries.width, true,
                           1 / std::sqrt(static_cast<double>(queries.width)))) {}
  bool uses_openmp() const override { return inner->uses_openmp(); }
  size_t workspace_bytes() const override {
    return aligned_bytes(inner->workspace_bytes()) + bytes(queries) + bytes(keys);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    char* w = ctx.workspace + aligned_bytes(inner->workspace_bytes());
    T *q = reinterpret_cast<T*>(w), *k = reinterpret_cast<T*>(w + bytes(queries));
    gather_part<Device>(ctx, queries, static_cast<const T*>(in[0]), q);
    gather_part<Device>(ctx, keys, static_cast<const T*>(in[source]), k);
    void* operands[2] = {q, k};
    inner->run(ctx, operands, out);
  }
  static size_t bytes(const PartPlan& p) { return aligned_bytes(static_cast<size_t>(p.size()) * sizeof(T)); }
  PartPlan queries, keys;
  size_t source;
  std::unique_ptr<Kernel> inner;
};

// (array with the values, weights (batch * heads, queries, keys)) -> (queries, batch, heads * width).
template <class Device, class T>
struct AttentionValuesKernel : Kernel {
  AttentionValuesKernel(const Registry& r, const KernelSpec& s)
      : values(plan_part(s.in[0], s.attrs.integer("heads"), s.attrs.integer("v_parts"), s.attrs.integer("v_which"))),
        result(plan_part(s.out[0], s.attrs.integer("heads"), 1, 0)),
        inner(make_product(r, s, values.batch * values.heads, result.length, values.width, values.length, false, 1)) {}
  bool uses_openmp() const override { return inner->uses_openmp(); }
  size_t workspace_bytes() const override {
    return aligned_bytes(inner->workspace_bytes()) + bytes(values) + bytes(result);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    char* w = ctx.workspace + aligned_bytes(inner->workspace_bytes());
    T *v = reinterpret_cast<T*>(w), *sums = reinterpret_cast<T*>(w + bytes(values)), *y = static_cast<T*>(out[0]);
    gather_part<Device>(ctx, values, static_cast<const T*>(in[0]), v);
    void* operands[2] = {in[1], v};
    void* product = sums;
    inner->run(ctx, operands, &product);
    const PartPlan p = result;
    Rows<Device>::pieces(ctx, p.rows(), p.width, [=] PT_LAMBDA(int64_t row, int64_t begin, int64_t end) {
      const int64_t to = p.place(row), from = row * p.width;
      for (int64_t d = begin; d < end; ++d) y[to + d] = sums[from + d];
    });
  }
  static size_t bytes(const PartPlan& p) { return aligned_bytes(static_cast<size_t>(p.size()) * sizeof(T)); }
  PartPlan values, result;
  std::unique_ptr<Kernel> inner;
};

}  // namespace paratrain
