// Boxes: overlaps, encoding against anchors and back, matching.
#pragma once
#include <cmath>

#include "kernels/order/order.h"

namespace paratrain {

namespace box {

// Corners.
template <class C>
struct Box {
  C left, top, right, bottom;
  PT_HD C width() const { return right - left; }
  PT_HD C height() const { return bottom - top; }
};

// Four numbers: corners, or center and size.
template <class T>
PT_HD Box<Compute<T>> read(const T* v, bool center) {
  using C = Compute<T>;
  const C a = static_cast<C>(v[0]), b = static_cast<C>(v[1]), c = static_cast<C>(v[2]), d = static_cast<C>(v[3]);
  if (!center) return {a, b, c, d};
  return {a - c / 2, b - d / 2, a + c / 2, b + d / 2};
}

template <class T, class C>
PT_HD void write(const Box<C>& b, T* to, bool center) {
  to[0] = static_cast<T>(center ? (b.left + b.right) / 2 : b.left);
  to[1] = static_cast<T>(center ? (b.top + b.bottom) / 2 : b.top);
  to[2] = static_cast<T>(center ? b.right - b.left : b.right);
  to[3] = static_cast<T>(center ? b.bottom - b.top : b.bottom);
}

// Area of the intersection over that of the union; 0 where there is no union.  one: 1 where the ends of a box belong
// to it, as where coordinates count pixels.
template <class C>
PT_HD C overlap(const Box<C>& a, const Box<C>& b, C one = C(0)) {
  const C left = a.left > b.left ? a.left : b.left, right = a.right < b.right ? a.right : b.right;
  const C top = a.top > b.top ? a.top : b.top, bottom = a.bottom < b.bottom ? a.bottom : b.bottom;
  const C w = right - left + one, h = bottom - top + one;
  const C both = w > 0 && h > 0 ? w * h : C(0);
  const C any = (a.width() + one) * (a.height() + one) + (b.width() + one) * (b.height() + one) - both;
  return any > 0 ? both / any : C(0);
}

}  // namespace box

// (lhs (..., 4), rhs (..., 4)) -> overlap of each with each; attribute center.
template <class Device, class T>
struct BoxIouKernel : Kernel {
  explicit BoxIouKernel(const KernelSpec& s)
      : rows(s.in[0].size() / 4), columns(s.in[1].size() / 4), center(s.attrs.flag("center")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* a = static_cast<const T*>(in[0]);
    const T* b = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const int64_t n = columns;
    const bool centers = center;
    Rows<Device>::each(ctx, rows * n, 16, [=] PT_LAMBDA(int64_t i) {
      y[i] = static_cast<T>(box::overlap(box::read(a + i / n * 4, centers), box::read(b + i % n * 4, centers)));
    });
  }
  int64_t rows, columns;
  bool center;
};

// (samples (B, N), matches (B, N), anchors (B, N, 4), refs (B, M, 4), means (4,), stds (4,)) -> targets, masks
template <class Device, class T>
struct BoxEncodeKernel : Kernel {
  explicit BoxEncodeKernel(const KernelSpec& s)
      : batch(s.in[0].shape.at(0)), anchors(s.in[0].shape.at(1)), refs(s.in[3].shape.at(1)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* samples = static_cast<const T*>(in[0]);
    const T* matches = static_cast<const T*>(in[1]);
    const T* anchor = static_cast<const T*>(in[2]);
    const T* ref = static_cast<const T*>(in[3]);
    const T* means = static_cast<const T*>(in[4]);
    const T* stds = static_cast<const T*>(in[5]);
    T* target = static_cast<T*>(out[0]);
    T* mask = static_cast<T*>(out[1]);
    const int64_t n = anchors, m = refs;
    Rows<Device>::each(ctx, batch * n, 32, [=] PT_LAMBDA(int64_t i) {
      const int64_t match = IndexArray::from_real(static_cast<C>(matches[i]));
      const bool used = static_cast<C>(samples[i]) > C(0.5) && match >= 0 && match < m;
      C code[4] = {0, 0, 0, 0};
      if (used) {
        const auto a = box::read(anchor + 4 * i, false), r = box::read(ref + (i / n * m + match) * 4, false);
        code[0] = ((r.left + r.right) / 2 - (a.left + a.right) / 2) / a.width();
        code[1] = ((r.top + r.bottom) / 2 - (a.top + a.bottom) / 2) / a.height();
        code[2] = std::log(r.width() / a.width());
        code[3] = std::log(r.height() / a.height());
      }
      for (int64_t k = 0; k < 4; ++k) {
        const C value = used ? (code[k] - static_cast<C>(means[k])) / static_cast<C>(stds[k]) : C(0);
        target[4 * i + k] = static_cast<T>(value);
        mask[4 * i + k] = static_cast<T>(used ? C(1) : C(0));
      }
    });
  }
  int64_t batch, anchors, refs;
};

// (data (B, N, 4), anchors (1, N, 4)) -> corners; attributes std0..std3, clip, center.
template <class Device, class T>
struct BoxDecodeKernel : Kernel {
  explicit BoxDecodeKernel(const KernelSpec& s)
      : n(s.in[0].size() / 4), anchors(s.in[1].size() / 4), clip(s.attrs.real("clip")), center(s.attrs.flag("center")) {
    for (int k = 0; k < 4; ++k) std[k] = s.attrs.real("std" + std::to_string(k));
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    const T* anchor = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const int64_t m = anchors;
    const bool centers = center;
    const C sx = static_cast<C>(std[0]), sy = static_cast<C>(std[1]), sw = static_cast<C>(std[2]),
            sh = static_cast<C>(std[3]), limit = static_cast<C>(clip);
    Rows<Device>::each(ctx, n, 32, [=] PT_LAMBDA(int64_t i) {
      const auto a = box::read(anchor + i % m * 4, centers);
      const T* code = x + 4 * i;
      C w = static_cast<C>(code[2]) * sw, h = static_cast<C>(code[3]) * sh;
      if (limit > 0) {
        w = w > limit ? limit : w;
        h = h > limit ? limit : h;
      }
      w = std::exp(w) * a.width() / 2;
      h = std::exp(h) * a.height() / 2;
      const C cx = static_cast<C>(code[0]) * sx * a.width() + (a.left + a.right) / 2;
      const C cy = static_cast<C>(code[1]) * sy * a.height() + (a.top + a.bottom) / 2;
      box::write(box::Box<C>{cx - w, cy - h, cx + w, cy + h}, y + 4 * i, false);
    });
  }
  int64_t n, anchors;
  double std[4], clip;
  bool center;
};

// Scores (B, N, M) -> for each row the column matched to it (or -1), for each column its row.  The best pair first;
// each row and column once.  Attributes is_ascend, threshold, topk: one pair less than there are at most.
template <class Device, class T>
struct BipartiteKernel : Kernel {
  explicit BipartiteKernel(const KernelSpec& s)
      : rows(s.in[0].shape.at(s.in[0].shape.size() - 2)),
        columns(s.in[0].shape.back()),
        ascending(s.attrs.flag("is_ascend")),
        threshold(s.attrs.real("threshold")),
        most(s.attrs.integer("topk")) {
    plan.n = plan.k = rows * columns;
    plan.outer = plan.n > 0 ? s.in[0].size() / plan.n : 0;
    plan.ascending = ascending;
    batch = s.out[0].size() / (rows > 0 ? rows : 1);
    if (rows == 0) batch = s.out[1].size() / (columns > 0 ? columns : 1);
  }
  size_t workspace_bytes() const override { return static_cast<size_t>(plan.outer * plan.n) * sizeof(int64_t); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* score = static_cast<const T*>(in[0]);
    T* of_row = static_cast<T*>(out[0]);
    T* of_column = static_cast<T*>(out[1]);
    int64_t* order = reinterpret_cast<int64_t*>(ctx.workspace);
    const int64_t n = rows, m = columns, limit = most;
    const bool up = ascending;
    const C bound = static_cast<C>(threshold);
    if (plan.outer * plan.n > 0) OrderRows<Device, T>::run(ctx, plan, score, order);
    Rows<Device>::each(ctx, batch, 4 * n * m + n + m, [=] PT_LAMBDA(int64_t b) {
      for (int64_t i = 0; i < n; ++i) of_row[b * n + i] = static_cast<T>(C(-1));
      for (int64_t j = 0; j < m; ++j) of_column[b * m + j] = static_cast<T>(C(-1));
      int64_t found = 0;
      for (int64_t k = 0; k < n * m && (limit <= 0 || found <= limit); ++k) {
        const int64_t at = order[b * n * m + k], i = at / m, j = at % m;
        const C value = static_cast<C>(score[b * n * m + at]);
        if (up ? !(value < bound) : !(value > bound)) continue;
        if (static_cast<C>(of_row[b * n + i]) >= 0 || static_cast<C>(of_column[b * m + j]) >= 0) continue;
        of_row[b * n + i] = static_cast<T>(static_cast<C>(j));
        of_column[b * m + j] = static_cast<T>(static_cast<C>(i));
        ++found;
      }
    });
  }
  int64_t rows, columns;
  bool ascending;
  double threshold;
  int64_t most, batch;
  OrderPlan plan;
};

}  // namespace paratrain
