// Products of matrices with what MXNet's linalg adds to them: a summand, rows along any axis, a triangle.
#pragma once
#include "kernels/launch/rows.h"

namespace paratrain {

// C = alpha op(A) op(B) + beta D.  Rows lie along one axis, columns along the last one; `mid` places lie between them.
// Of A (always input 0) perhaps only a triangle counts.
enum class Triangle : int64_t { none = 0, lower = 1, upper = 2 };

PT_HD bool in_triangle(Triangle t, int64_t row, int64_t column) {
  return t == Triangle::none || (t == Triangle::lower ? column <= row : column >= row);
}

// Attributes: those of gemm, mid, triangle and, if there is an input D (the third), beta.
template <class Device, class T>
struct ProductKernel : Kernel {
  ProductKernel(const Registry& r, const KernelSpec& s)
      : mid(s.attrs.integer("mid")),
        triangle(static_cast<Triangle>(s.attrs.integer("triangle"))),
        beta(s.attrs.has("beta") ? s.attrs.real("beta") : 0),
        added(s.attrs.has("beta")) {
    for (int i : {0, 1}) {
      const Shape& shape = s.in[static_cast<size_t>(i)].shape;
      columns[i] = shape.back();
      sizes[i] = s.in[static_cast<size_t>(i)].size();
      const int64_t batch = s.attrs.integer("batch");
      rows[i] = batch * columns[i] > 0 ? sizes[i] / (batch * columns[i]) : 0;
    }
    out_size = s.out[0].size();
    out_rows = s.attrs.integer("m");
    out_columns = s.attrs.integer("n");
    KernelSpec spec = s;
    spec.name = "gemm";
    spec.in.resize(2);
    spec.any_layout = false;
    inner = r.make(spec);
  }
  bool uses_openmp() const override { return inner->uses_openmp(); }
  size_t workspace_bytes() const override { return place(3); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    void* operands[2] = {in[0], in[1]};
    for (int i : {0, 1}) {
      if (!is_arranged(i)) continue;
      T* arranged = reinterpret_cast<T*>(ctx.workspace + place(i));
      arrange(ctx, i, static_cast<const T*>(in[i]), arranged);
      operands[i] = arranged;
    }
    T* y = static_cast<T*>(out[0]);
    void* result = mid > 1 ? ctx.workspace + place(2) : out[0];
    inner->run(ctx, operands, &result);
    if (mid == 1 && !added) return;
    using C = Compute<T>;
    const T* c = static_cast<const T*>(result);
    const T* d = added ? static_cast<const T*>(in[2]) : nullptr;
    const C factor = static_cast<C>(beta);
    const int64_t between = mid, m = out_rows, n = out_columns;
    Launch<Device>::map(ctx, out_size, [=] PT_LAMBDA(int64_t i) {
      // y is (outer, m, mid, n), c (outer, mid, m, n)
      const int64_t column = i % n, at = i / n % between, row = i / n / between % m, o = i / n / between / m;
      const C value = static_cast<C>(c[((o * between + at) * m + row) * n + column]);
      y[i] = static_cast<T>(d ? value + factor * static_cast<C>(d[i]) : value);
    });
  }

  bool is_arranged(int i) const { return mid > 1 || (i == 0 && triangle != Triangle::none); }
  // Where the workspace of operand i, of the product (2), and the end (3) are; the inner kernel's comes first.
  size_t place(int i) const {
    auto aligned = [](size_t n) { return (n + 63) / 64 * 64; };
    size_t at = aligned(inner->workspace_bytes());
    for (int k = 0; k < i && k < 2; ++k) {
      if (is_arranged(k)) at += aligned(static_cast<size_t>(sizes[k]) * sizeof(T));
    }
    if (i == 3 && mid > 1) at += aligned(static_cast<size_t>(out_size) * sizeof(T));
    return at;
  }
  // (outer, rows, mid, columns) -> (outer, mid, rows, columns), zero outside of the triangle
  void arrange(const RunContext& ctx, int i, const T* x, T* y) const {
    const int64_t between = mid, height = rows[i], width = columns[i];
    const Triangle kept = i == 0 ? triangle : Triangle::none;
    Rows<Device>::pieces(ctx, width ? sizes[i] / width : 0, width,
                         [=] PT_LAMBDA(int64_t at, int64_t begin, int64_t end) {
                           const int64_t row = at % height, m = at / height % between, o = at / height / between;
                           const T* from = x + ((o * height + row) * between + m) * width;
                           T* to = y + at * width;
                           for (int64_t c = begin; c < end; ++c) to[c] = in_triangle(kept, row, c) ? from[c] : T(0);
                         });
  }

  int64_t mid;
  Triangle triangle;
  double beta;
  bool added;
  int64_t rows[2], columns[2], sizes[2], out_size, out_rows, out_columns;
  std::unique_ptr<Kernel> inner;
};

}  // namespace paratrain
