// Deformable convolution: every place of every window is moved by an offset of its own, and perhaps weighted.  One
// image at a time: the places are sampled into columns, and a product of matrices does the rest.
#pragma once
#include <cmath>
#include <type_traits>

#include "kernels/nn/convolution.h"

namespace paratrain {

struct DeformablePlan {
  ConvGeometry g;       // of two axes, 1 and 2
  int64_t deformables;  // groups of channels with offsets of their own
  bool modulated;       // with weights; elements one beyond the border count as zero instead of as the border
  bool has_bias;
  PT_HD int64_t columns() const { return g.channels * g.kernel_size(); }
  PT_HD int64_t together() const { return g.channels / deformables; }
};

// Attributes of conv_geometry, num_deformable_group, modulated, has_bias.
DeformablePlan plan_deformable(const Attrs& attrs, const Shape& data, const Shape& result);

namespace deformable {

// The four elements around a place: rows and columns (perhaps outside of the image) and their shares.
template <class C>
struct Place {
  int64_t top, bottom, left, right;
  C down, across;
  bool inside;
};

// Where element k of window o reads in deformable group d; offset: that of one image.
template <class T>
PT_HD Place<Compute<T>> place_of(const DeformablePlan& p, const T* offset, int64_t d, int64_t k, int64_t o) {
  using C = Compute<T>;
  const ConvGeometry& g = p.g;
  const T* at = offset + (d * g.kernel_size() + k) * 2 * g.out_size() + o;
  const int64_t row0 = o / g.out[2] * g.stride[1] - g.pad[1] + k / g.kernel[2] * g.dilate[1];
  const int64_t column0 = o % g.out[2] * g.stride[2] - g.pad[2] + k % g.kernel[2] * g.dilate[2];
  const C row = static_cast<C>(row0) + static_cast<C>(at[0]);
  const C column = static_cast<C>(column0) + static_cast<C>(at[g.out_size()]);
  const C h = static_cast<C>(g.in[1]), w = static_cast<C>(g.in[2]);
  const bool inside = (p.modulated ? row > C(-1) && column > C(-1) : row >= C(0) && column >= C(0)) && row < h &&
                      column < w;  // false for NaN, too
  if (!inside) return {0, 0, 0, 0, C(0), C(0), false};
  const C top = std::floor(row), left = std::floor(column);
  Place<C> r{static_cast<int64_t>(top),
             static_cast<int64_t>(top) + 1,
             static_cast<int64_t>(left),
             static_cast<int64_t>(left) + 1,
             row - top,
             column - left,
             true};
  if (!p.modulated && r.bottom >= g.in[1]) {
    r.bottom = r.top;
    r.down = 0;
  }
  if (!p.modulated && r.right >= g.in[2]) {
    r.right = r.left;
    r.across = 0;
  }
  return r;
}

template <class T>
PT_HD Compute<T> element(const ConvGeometry& g, const T* plane, int64_t row, int64_t column) {
  const bool inside = row >= 0 && row < g.in[1] && column >= 0 && column < g.in[2];
  return inside ? static_cast<Compute<T>>(plane[row * g.in[2] + column]) : Compute<T>(0);
}

template <class T>
struct Four {
  using C = Compute<T>;
  C a, b, c, d;
  PT_HD Four(const ConvGeometry& g, const T* plane, const Place<C>& p)
      : a(element(g, plane, p.top, p.left)),
        b(element(g, plane, p.top, p.right)),
        c(element(g, plane, p.bottom, p.left)),
        d(element(g, plane, p.bottom, p.right)) {}
  PT_HD C value(const Place<C>& p) const {
    return (a * (1 - p.across) + b * p.across) * (1 - p.down) + (c * (1 - p.across) + d * p.across) * p.down;
  }
  PT_HD C by_row(const Place<C>& p) const { return (c - a) * (1 - p.across) + (d - b) * p.across; }
  PT_HD C by_column(const Place<C>& p) const { return (b - a) * (1 - p.down) + (d - c) * p.down; }
};

// Weight of element k of window o; mask: that of one image, or null.
template <class T>
PT_HD Compute<T> weight_of(const DeformablePlan& p, const T* mask, int64_t d, int64_t k, int64_t o) {
  if (!mask) return Compute<T>(1);
  return static_cast<Compute<T>>(mask[(d * p.g.kernel_size() + k) * p.g.out_size() + o]);
}

// x, offset, mask, columns, ...: those of one image.
template <class Device, class T>
void sample(const RunContext& ctx, const DeformablePlan& p, const T* x, const T* offset, const T* mask, T* columns) {
  using C = Compute<T>;
  Rows<Device>::each(ctx, p.columns() * p.g.out_size(), 16, [=] PT_LAMBDA(int64_t i) {
    const int64_t o = i % p.g.out_size(), k = i / p.g.out_size() % p.g.kernel_size();
    const int64_t channel = i / (p.g.out_size() * p.g.kernel_size()), d = channel / p.together();
    const Place<C> place = place_of(p, offset, d, k, o);
    C value = 0;
    if (place.inside) {
      value = Four<T>(p.g, x + channel * p.g.in_size(), place).value(place) * weight_of(p, mask, d, k, o);
    }
    columns[i] = static_cast<T>(value);
  });
}

// Several places may lie at one element: a channel's sums are made by one thread, always in the same order.
template <class Device, class T>
void data_grad(const RunContext& ctx, const DeformablePlan& p, const T* columns, const T* offset, const T* mask,
               T* dx) {
  using C = Compute<T>;
  const int64_t windows = p.g.kernel_size() * p.g.out_size();
  Rows<Device>::each(ctx, p.g.channels, p.g.in_size() + 32 * windows, [=] PT_LAMBDA(int64_t channel) {
    T* to = dx + channel * p.g.in_size();
    for (int64_t i = 0; i < p.g.in_size(); ++i) to[i] = static_cast<T>(C(0));
    for (int64_t i = 0; i < windows; ++i) {
      const int64_t o = i % p.g.out_size(), k = i / p.g.out_size(), d = channel / p.together();
      const Place<C> place = place_of(p, offset, d, k, o);
      if (!place.inside) continue;
      const C grad = static_cast<C>(columns[channel * windows + i]) * weight_of(p, mask, d, k, o);
      for (int64_t corner = 0; corner < 4; ++corner) {
        const int64_t row = corner / 2 ? place.bottom : place.top, column = corner % 2 ? place.right : place.left;
        if (row < 0 || row >= p.g.in[1] || column < 0 || column >= p.g.in[2]) continue;
        T& sum = to[row * p.g.in[2] + column];
        const C share = (corner / 2 ? place.down : 1 - place.down) * (corner % 2 ? place.across : 1 - place.across);
        sum = static_cast<T>(static_cast<C>(sum) + grad * share);
      }
    }
  });
}

// Gradients of offset and (unless null) mask.
template <class Device, class T>
void offset_grad(const RunContext& ctx, const DeformablePlan& p, const T* columns, const T* x, const T* offset,
                 const T* mask, T* doffset, T* dmask) {
  using C = Compute<T>;
  const int64_t windows = p.g.kernel_size() * p.g.out_size();
  Rows<Device>::each(ctx, p.deformables * windows, 16 * p.together(), [=] PT_LAMBDA(int64_t i) {
    const int64_t o = i % p.g.out_size(), k = i / p.g.out_size() % p.g.kernel_size(), d = i / windows;
    const Place<C> place = place_of(p, offset, d, k, o);
    C down = 0, across = 0, weight = 0;
    for (int64_t c = d * p.together(); place.inside && c < (d + 1) * p.together(); ++c) {
      const Four<T> four(p.g, x + c * p.g.in_size(), place);
      const C grad = static_cast<C>(columns[c * windows + k * p.g.out_size() + o]);
      down += grad * four.by_row(place);
      across += grad * four.by_column(place);
      weight += grad * four.value(place);
    }
    const C by = weight_of(p, mask, d, k, o);
    T* to = doffset + (d * p.g.kernel_size() + k) * 2 * p.g.out_size() + o;
    to[0] = static_cast<T>(down * by);
    to[p.g.out_size()] = static_cast<T>(across * by);
    if (dmask) dmask[i] = static_cast<T>(weight);
  });
}

}  // namespace deformable

// What forward and backward share: arrays in the workspace, and products of matrices by the device's kernels.
template <class Device, class T>
struct DeformableBase : Kernel {
  DeformableBase(const KernelSpec& s, const Shape& data, const Shape& result)
      : plan(plan_deformable(s.attrs, data, result)), dtype(s.in[0].dtype), plain(s.plain) {}
  size_t workspace_bytes() const override { return arrays + products; }

  // c (groups, m, n) = op(a) op(b)
  std::unique_ptr<Kernel> product(int64_t m, int64_t n, int64_t k, bool transpose_a, bool transpose_b) {
    KernelSpec s;
    s.name = "gemm";
    s.plain = plain;
    const int64_t groups = plan.g.groups;
    s.attrs.set("batch", groups);
    s.attrs.set("m", m);
    s.attrs.set("n", n);
    s.attrs.set("k", k);
    s.attrs.set("transpose_a", transpose_a);
    s.attrs.set("transpose_b", transpose_b);
    s.attrs.set("alpha", 1.0);
    s.in = {{dtype, transpose_a ? Shape{groups, k, m} : Shape{groups, m, k}, nullptr},
            {dtype, transpose_b ? Shape{groups, n, k} : Shape{groups, k, n}, nullptr}};
    s.out = {{dtype, {groups, m, n}, nullptr}};
    auto made = registry(std::is_same_v<Device, Cuda> ? DeviceType::gpu : DeviceType::cpu).make(s);
    products = std::max(products, made->workspace_bytes());
    return made;
  }
  void multiply(const RunContext& ctx, Kernel& by, const T* a, const T* b, T* c) {
    RunContext inner = ctx;
    inner.workspace = ctx.workspace + arrays;
    void* in[] = {const_cast<T*>(a), const_cast<T*>(b)};
    void* out[] = {c};
    by.run(inner, in, out);
  }
  // An array in the workspace: its offset in bytes.
  size_t reserve(int64_t elements) {
    const size_t offset = arrays;
    arrays += (static_cast<size_t>(elements) * sizeof(T) + 63) / 64 * 64;
    return offset;
  }
  static T* place(const RunContext& ctx, size_t offset) { return reinterpret_cast<T*>(ctx.workspace + offset); }
  int64_t offset_size() const { return plan.deformables * 2 * plan.g.kernel_size() * plan.g.out_size(); }

  DeformablePlan plan;
  DType dtype;
  bool plain;
  size_t arrays = 0, products = 0;
};

// (data, offset[, mask], weight[, bias]) -> result
template <class Device, class T>
struct DeformableConvKernel : DeformableBase<Device, T> {
  using Base = DeformableBase<Device, T>;
  using Base::multiply, Base::place, Base::plan;
  explicit DeformableConvKernel(const KernelSpec& s) : Base(s, s.in[0].shape, s.out[0].shape) {
    const ConvGeometry& g = plan.g;
    columns = Base::reserve(plan.columns() * g.out_size());
    forward = Base::product(g.group_filters(), g.out_size(), plan.columns() / g.groups, false, false);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const ConvGeometry g = plan.g;
    const size_t weight = plan.modulated ? 3 : 2;
    const T* x = static_cast<const T*>(in[0]);
    const T* offset = static_cast<const T*>(in[1]);
    const T* mask = plan.modulated ? static_cast<const T*>(in[2]) : nullptr;
    T* y = static_cast<T*>(out[0]);
    for (int64_t n = 0; n < g.batch; ++n) {
      deformable::sample<Device>(ctx, plan, x + n * g.channels * g.in_size(), offset + n * Base::offset_size(),
                                 mask ? mask + n * Base::offset_size() / 2 : nullptr, place(ctx, columns));
      multiply(ctx, *forward, static_cast<const T*>(in[weight]), place(ctx, columns), y + n * g.filters * g.out_size());
    }
    if (plan.has_bias) add_bias(ctx, static_cast<const T*>(in[weight + 1]), y);
  }
  void add_bias(const RunContext& ctx, const T* bias, T* y) {
    using C = Compute<T>;
    const ConvGeometry g = plan.g;
    Launch<Device>::map(ctx, g.batch * g.filters * g.out_size(), [=] PT_LAMBDA(int64_t i) {
      y[i] = static_cast<T>(static_cast<C>(y[i]) + static_cast<C>(bias[i / g.out_size() % g.filters]));
    });
  }
  size_t columns;
  std::unique_ptr<Kernel> forward;
};

// (dY, data, offset[, mask], weight) -> gradients of data, offset[, mask], weight[, bias]
template <class Device, class T>
struct DeformableConvGradKernel : DeformableBase<Device, T> {
  using Base = DeformableBase<Device, T>;
  using Base::multiply, Base::place, Base::plan;
  explicit DeformableConvGradKernel(const KernelSpec& s) : Base(s, s.in[1].shape, s.in[0].shape) {
    const ConvGeometry& g = plan.g;
    const int64_t rows = plan.columns() / g.groups;
    columns = Base::reserve(plan.columns() * g.out_size());
    part = Base::reserve(g.filters * rows);
    to_columns = Base::product(rows, g.out_size(), g.group_filters(), true, false);
    to_weight = Base::product(g.group_filters(), rows, g.out_size(), false, true);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const ConvGeometry g = plan.g;
    const size_t weight = plan.modulated ? 3 : 2;
    const int64_t weights = g.filters * plan.columns() / g.groups;
    T* dw = static_cast<T*>(out[weight]);
    clear(ctx, weights, dw);
    for (int64_t n = 0; n < g.batch; ++n) {
      const T* dy = static_cast<const T*>(in[0]) + n * g.filters * g.out_size();
      const T* x = static_cast<const T*>(in[1]) + n * g.channels * g.in_size();
      const T* offset = static_cast<const T*>(in[2]) + n * Base::offset_size();
      const int64_t masked = n * Base::offset_size() / 2;
      const T* mask = plan.modulated ? static_cast<const T*>(in[3]) + masked : nullptr;
      T* dmask = plan.modulated ? static_cast<T*>(out[2]) + masked : nullptr;
      T* cols = place(ctx, columns);
      multiply(ctx, *to_columns, static_cast<const T*>(in[weight + 1]), dy, cols);
      deformable::data_grad<Device>(ctx, plan, cols, offset, mask,
                                    static_cast<T*>(out[0]) + n * g.channels * g.in_size());
      deformable::offset_grad<Device>(ctx, plan, cols, x, offset, mask,
                                      static_cast<T*>(out[1]) + n * Base::offset_size(), dmask);
      deformable::sample<Device>(ctx, plan, x, offset, mask, cols);
      multiply(ctx, *to_weight, dy, cols, place(ctx, part));
      add(ctx, weights, place(ctx, part), dw);
    }
    if (plan.has_bias) sum_bias(ctx, static_cast<const T*>(in[0]), static_cast<T*>(out[weight + 1]));
  }
  static void clear(const RunContext& ctx, int64_t n, T* to) {
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = static_cast<T>(Compute<T>(0)); });
  }
  static void add(const RunContext& ctx, int64_t n, const T* from, T* to) {
    using C = Compute<T>;
    Launch<Device>::map(
        ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = static_cast<T>(static_cast<C>(to[i]) + static_cast<C>(from[i])); });
  }
  void sum_bias(const RunContext& ctx, const T* dy, T* db) {
    using C = Compute<T>;
    const ConvGeometry g = plan.g;
    Rows<Device>::each(ctx, g.filters, g.batch * g.out_size(), [=] PT_LAMBDA(int64_t f) {
      C sum = 0;
      for (int64_t i = 0; i < g.batch * g.out_size(); ++i) {
        sum += static_cast<C>(dy[(i / g.out_size() * g.filters + f) * g.out_size() + i % g.out_size()]);
      }
      db[f] = static_cast<T>(sum);
    });
  }
  size_t columns, part;
  std::unique_ptr<Kernel> to_columns, to_weight;
};

}  // namespace paratrain
