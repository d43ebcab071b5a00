// Images (planes of H x W) of another size: means over adaptive windows, bilinear interpolation, repeated elements.
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

// Planes of height x width elements before and after.
struct PlaneSizes {
  int64_t planes, in_h, in_w, out_h, out_w;
  PT_HD int64_t in_size() const { return in_h * in_w; }
  PT_HD int64_t out_size() const { return out_h * out_w; }
};

// The last two axes are height and width.
PlaneSizes plane_sizes(const Shape& before, const Shape& after);

namespace adaptive {

// Window o of n windows over `size` elements: [begin, end).
PT_HD int64_t begin(int64_t o, int64_t size, int64_t n) { return o * size / n; }
PT_HD int64_t end(int64_t o, int64_t size, int64_t n) { return ((o + 1) * size + n - 1) / n; }
// Windows that hold element i: [first, last].
PT_HD int64_t first(int64_t i, int64_t size, int64_t n) { return i * n / size; }
PT_HD int64_t last(int64_t i, int64_t size, int64_t n) { return ((i + 1) * n - 1) / size; }

}  // namespace adaptive

// data -> mean of each window.
template <class Device, class T>
struct AdaptivePoolKernel : Kernel {
  explicit AdaptivePoolKernel(const KernelSpec& s) : sizes(plane_sizes(s.in[0].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const PlaneSizes p = sizes;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t work = p.in_size() / (p.out_size() > 0 ? p.out_size() : 1) + 1;
    Rows<Device>::each(ctx, p.planes * p.out_size(), work, [=] PT_LAMBDA(int64_t i) {
      const int64_t ow = i % p.out_w, oh = i / p.out_w % p.out_h;
      const T* plane = x + i / p.out_size() * p.in_size();
      const int64_t h0 = adaptive::begin(oh, p.in_h, p.out_h), h1 = adaptive::end(oh, p.in_h, p.out_h);
      const int64_t w0 = adaptive::begin(ow, p.in_w, p.out_w), w1 = adaptive::end(ow, p.in_w, p.out_w);
      C sum = 0;
      for (int64_t h = h0; h < h1; ++h) {
        for (int64_t w = w0; w < w1; ++w) sum += static_cast<C>(plane[h * p.in_w + w]);
      }
      y[i] = static_cast<T>(sum / static_cast<C>((h1 - h0) * (w1 - w0)));
    });
  }
  PlaneSizes sizes;
};

// dY -> dX
template <class Device, class T>
struct AdaptivePoolGradKernel : Kernel {
  explicit AdaptivePoolGradKernel(const KernelSpec& s) : sizes(plane_sizes(s.out[0].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const PlaneSizes p = sizes;
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.planes * p.in_size(), 8, [=] PT_LAMBDA(int64_t i) {
      const int64_t w = i % p.in_w, h = i / p.in_w % p.in_h;
      const T* plane = dy + i / p.in_size() * p.out_size();
      const int64_t h_last = adaptive::last(h, p.in_h, p.out_h), w_last = adaptive::last(w, p.in_w, p.out_w);
      C sum = 0;
      for (int64_t oh = adaptive::first(h, p.in_h, p.out_h); oh <= h_last; ++oh) {
        const int64_t rows = adaptive::end(oh, p.in_h, p.out_h) - adaptive::begin(oh, p.in_h, p.out_h);
        for (int64_t ow = adaptive::first(w, p.in_w, p.out_w); ow <= w_last; ++ow) {
          const int64_t columns = adaptive::end(ow, p.in_w, p.out_w) - adaptive::begin(ow, p.in_w, p.out_w);
          sum += static_cast<C>(plane[oh * p.out_w + ow]) / static_cast<C>(rows * columns);
        }
      }
      dx[i] = static_cast<T>(sum);
    });
  }
  PlaneSizes sizes;
};

// How places of one axis of the result are mapped to those of the data, for linear interpolation.
struct LinearAxis {
  int64_t in = 1, out = 1;
  double step = 0;
  bool corners = true;  // first and last places of both coincide; else the edges of first and last elements

  struct Source {
    int64_t low, high;
    double share;  // of high
  };
  PT_HD Source source(int64_t o) const {
    if (in == out) return {o, o, 0.0};
    double at = corners ? static_cast<double>(o) * step : (static_cast<double>(o) + 0.5) * step - 0.5;
    at = at > 0 ? at : 0;
    int64_t low = static_cast<int64_t>(at);
    low = low < in - 1 ? low : in - 1;
    const double share = at - static_cast<double>(low);
    return {low, low < in - 1 ? low + 1 : low, share};
  }
  // Share of data place i in result place o.
  PT_HD double weight(int64_t i, int64_t o) const {
    const Source s = source(o);
    return (s.low == i ? 1 - s.share : 0.0) + (s.high == i ? s.share : 0.0);
  }
  // Result places that may read data place i: [first, last], a few too many.
  PT_HD int64_t first(int64_t i) const {
    if (in == out) return i;
    const double at = step > 0 ? std::floor(static_cast<double>(i - 1) / step) - 2 : 0;
    return at > 0 ? static_cast<int64_t>(at) : 0;
  }
  PT_HD int64_t last(int64_t i) const {
    if (in == out) return i;
    const double at = step > 0 ? std::ceil(static_cast<double>(i + 2) / step) + 2 : static_cast<double>(out);
    return at < static_cast<double>(out - 1) ? static_cast<int64_t>(at) : out - 1;
  }
};

LinearAxis linear_axis(int64_t in, int64_t out, bool corners);

// data[, like] -> result; attribute align_corners.
template <class Device, class T>
struct BilinearResizeKernel : Kernel {
  explicit BilinearResizeKernel(const KernelSpec& s)
      : sizes(plane_sizes(s.in[0].shape, s.out[0].shape)),
        rows(linear_axis(sizes.in_h, sizes.out_h, s.attrs.flag("align_corners"))),
        columns(linear_axis(sizes.in_w, sizes.out_w, s.attrs.flag("align_corners"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const PlaneSizes p = sizes;
    const LinearAxis r = rows, c = columns;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.planes * p.out_size(), 16, [=] PT_LAMBDA(int64_t i) {
      const LinearAxis::Source h = r.source(i / p.out_w % p.out_h), w = c.source(i % p.out_w);
      const T* plane = x + i / p.out_size() * p.in_size();
      const C top = static_cast<C>(plane[h.low * p.in_w + w.low]) * static_cast<C>(1 - w.share) +
                    static_cast<C>(plane[h.low * p.in_w + w.high]) * static_cast<C>(w.share);
      const C bottom = static_cast<C>(plane[h.high * p.in_w + w.low]) * static_cast<C>(1 - w.share) +
                       static_cast<C>(plane[h.high * p.in_w + w.high]) * static_cast<C>(w.share);
      y[i] = static_cast<T>(top * static_cast<C>(1 - h.share) + bottom * static_cast<C>(h.share));
    });
  }
  PlaneSizes sizes;
  LinearAxis rows, columns;
};

// dY -> dX
template <class Device, class T>
struct BilinearResizeGradKernel : Kernel {
  explicit BilinearResizeGradKernel(const KernelSpec& s)
      : sizes(plane_sizes(s.out[0].shape, s.in[0].shape)),
        rows(linear_axis(sizes.in_h, sizes.out_h, s.attrs.flag("align_corners"))),
        columns(linear_axis(sizes.in_w, sizes.out_w, s.attrs.flag("align_corners"))) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const PlaneSizes p = sizes;
    const LinearAxis r = rows, c = columns;
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.planes * p.in_size(), 64, [=] PT_LAMBDA(int64_t i) {
      const int64_t w = i % p.in_w, h = i / p.in_w % p.in_h;
      const T* plane = dy + i / p.in_size() * p.out_size();
      const int64_t h_last = r.last(h), w_first = c.first(w), w_last = c.last(w);
      C sum = 0;
      for (int64_t oh = r.first(h); oh <= h_last; ++oh) {
        const C of_row = static_cast<C>(r.weight(h, oh));
        if (of_row == C(0)) continue;
        for (int64_t ow = w_first; ow <= w_last; ++ow) {
          sum += of_row * static_cast<C>(c.weight(w, ow)) * static_cast<C>(plane[oh * p.out_w + ow]);
        }
      }
      dx[i] = static_cast<T>(sum);
    });
  }
  PlaneSizes sizes;
  LinearAxis rows, columns;
};

// Several images -> one whose height and width are multiples of theirs; each element becomes a square of equal ones.
// Attribute add: the sum of all, else their channels one after the other.
template <class Device, class T>
struct UpsampleKernel : Kernel {
  explicit UpsampleKernel(const KernelSpec& s) : add(s.attrs.flag("add")), channels(s.out[0].shape[1]) {
    for (const TensorDesc& d : s.in) inputs.push_back({plane_sizes(d.shape, s.out[0].shape), d.shape[1]});
    batch = s.out[0].shape[0];
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    int64_t first = 0;
    for (size_t k = 0; k < inputs.size(); ++k) {
      copy(ctx, inputs[k].sizes, inputs[k].channels, add ? 0 : first, add && k > 0, static_cast<const T*>(in[k]), y);
      first += inputs[k].channels;
    }
  }
  void copy(const RunContext& ctx, const PlaneSizes& sizes, int64_t count, int64_t first, bool onto, const T* x, T* y) {
    using C = Compute<T>;
    const PlaneSizes p = sizes;
    const int64_t all = channels;
    Launch<Device>::map(ctx, batch * count * p.out_size(), [=] PT_LAMBDA(int64_t i) {
      const int64_t w = i % p.out_w * p.in_w / p.out_w, h = i / p.out_w % p.out_h * p.in_h / p.out_h;
      const int64_t plane = i / p.out_size(), image = plane / count, channel = plane % count + first;
      T& to = y[(image * all + channel) * p.out_size() + i % p.out_size()];
      const T from = x[plane * p.in_size() + h * p.in_w + w];
      to = onto ? static_cast<T>(static_cast<C>(to) + static_cast<C>(from)) : from;
    });
  }
  struct Input {
    PlaneSizes sizes;
    int64_t channels;
  };
  bool add;
  int64_t channels, batch;
  std::vector<Input> inputs;
};

// dY, ... -> gradient of one of the arrays: sums over squares.  Attribute first: its first channel in dY.
template <class Device, class T>
struct UpsampleGradKernel : Kernel {
  explicit UpsampleGradKernel(const KernelSpec& s)
      : sizes(plane_sizes(s.out[0].shape, s.in[0].shape)),
        own(s.out[0].shape[1]),
        all(s.in[0].shape[1]),
        first(s.attrs.integer("first")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const PlaneSizes p = sizes;
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    if (p.planes * p.in_size() == 0) return;
    const int64_t count = own, channels = all, begin = first, rows = p.out_h / p.in_h, columns = p.out_w / p.in_w;
    Rows<Device>::each(ctx, p.planes * p.in_size(), rows * columns, [=] PT_LAMBDA(int64_t i) {
      const int64_t plane = i / p.in_size(), h = i / p.in_w % p.in_h, w = i % p.in_w;
      const T* from = dy + (plane / count * channels + begin + plane % count) * p.out_size();
      C sum = 0;
      for (int64_t r = h * rows; r < (h + 1) * rows; ++r) {
        for (int64_t c = w * columns; c < (w + 1) * columns; ++c) sum += static_cast<C>(from[r * p.out_w + c]);
      }
      dx[i] = static_cast<T>(sum);
    });
  }
  PlaneSizes sizes;
  int64_t own, all, first;
};

}  // namespace paratrain
