// Pooling of regions: (data (N, C, H, W), rois (R, 5)) -> (R, C', h, w).  A region is (image, x1, y1, x2, y2).
//
// A region of an image that does not exist, or whose numbers are not finite, gives zeros.  Gradients are summed up by
// one thread for each channel of an image, region by region, since regions overlap.
#pragma once
#include <cmath>
#include <limits>

#include "kernels/launch/rows.h"

namespace paratrain {

struct RegionPlan {
  int64_t batch, channels, h, w, rois, out_channels, bins_h, bins_w;
  double scale;     // from the regions' coordinates to those of the data
  int64_t group;    // of position-sensitive pooling: bins of channels along each axis
  int64_t samples;  // for each bin along each axis; <= 0: as many as it has elements
  bool sensitive;   // each bin has channels of its own
  double shift;     // 0.5: coordinates are those of the elements' edges
  PT_HD int64_t size() const { return h * w; }
  PT_HD int64_t bins() const { return bins_h * bins_w; }
};

// Attributes pooled_size, spatial_scale and, where they matter, group_size, sample_ratio, position_sensitive, aligned.
RegionPlan plan_regions(const Attrs& attrs, const Shape& data, const Shape& rois, const Shape& result);

namespace region {

constexpr double kLimit = 1e9;  // coordinates beyond this are taken for mistakes

// The image that region r belongs to, -1 if there is none; all five numbers are checked.
template <class T>
PT_HD int64_t image_of(const RegionPlan& p, const T* rois, int64_t r) {
  for (int64_t k = 0; k < 5; ++k) {
    const double v = static_cast<double>(static_cast<Compute<T>>(rois[5 * r + k])) * (k == 0 ? 1.0 : p.scale);
    if (!(v > -kLimit && v < kLimit)) return -1;
  }
  const double image = static_cast<double>(static_cast<Compute<T>>(rois[5 * r]));
  return image >= 0 && image < static_cast<double>(p.batch) ? static_cast<int64_t>(image) : -1;
}

PT_HD int64_t clipped(double v, int64_t high) {
  const double n = static_cast<double>(high);
  return v > 0 ? (v < n ? static_cast<int64_t>(v) : high) : 0;
}

// Elements [begin, end) of a bin along an axis of n elements.
struct Span {
  int64_t begin, end;
  PT_HD int64_t size() const { return end > begin ? end - begin : 0; }
};

// Bin `bin` of max pooling: from and to are the region's ends, in whole elements, both included.
template <class C>
PT_HD Span max_span(C from, C to, int64_t bin, int64_t bins, int64_t n) {
  const C size = to - from + 1 > 1 ? to - from + 1 : C(1), step = size / static_cast<C>(bins);
  return {clipped(std::floor(static_cast<C>(bin) * step) + from, n),
          clipped(std::ceil(static_cast<C>(bin + 1) * step) + from, n)};
}

// Bin of position-sensitive pooling, of a region [from, to).
template <class C>
PT_HD Span mean_span(C from, C to, int64_t bin, int64_t bins, int64_t n) {
  const C size = to - from > C(0.1) ? to - from : C(0.1), step = size / static_cast<C>(bins);
  return {clipped(std::floor(static_cast<C>(bin) * step + from), n),
          clipped(std::ceil(static_cast<C>(bin + 1) * step + from), n)};
}

template <class T>
struct MaxRegion {
  using C = Compute<T>;
  C x1, y1, x2, y2;
  PT_HD MaxRegion(const RegionPlan& p, const T* roi)
      : x1(std::round(static_cast<C>(roi[1]) * static_cast<C>(p.scale))),
        y1(std::round(static_cast<C>(roi[2]) * static_cast<C>(p.scale))),
        x2(std::round(static_cast<C>(roi[3]) * static_cast<C>(p.scale))),
        y2(std::round(static_cast<C>(roi[4]) * static_cast<C>(p.scale))) {}
  PT_HD Span rows(const RegionPlan& p, int64_t bin) const { return max_span(y1, y2, bin, p.bins_h, p.h); }
  PT_HD Span columns(const RegionPlan& p, int64_t bin) const { return max_span(x1, x2, bin, p.bins_w, p.w); }
};

template <class T>
struct MeanRegion {
  using C = Compute<T>;
  C x1, y1, x2, y2;
  PT_HD MeanRegion(const RegionPlan& p, const T* roi)
      : x1(std::round(static_cast<C>(roi[1])) * static_cast<C>(p.scale)),
        y1(std::round(static_cast<C>(roi[2])) * static_cast<C>(p.scale)),
        x2((std::round(static_cast<C>(roi[3])) + 1) * static_cast<C>(p.scale)),
        y2((std::round(static_cast<C>(roi[4])) + 1) * static_cast<C>(p.scale)) {}
  PT_HD Span rows(const RegionPlan& p, int64_t bin) const { return mean_span(y1, y2, bin, p.bins_h, p.h); }
  PT_HD Span columns(const RegionPlan& p, int64_t bin) const { return mean_span(x1, x2, bin, p.bins_w, p.w); }
};

// Channel of the data that position-sensitive pooling reads for bin (h, w) of result channel c.
PT_HD int64_t sensitive_channel(const RegionPlan& p, int64_t c, int64_t h, int64_t w) {
  return (c * p.group + h * p.group / p.bins_h) * p.group + w * p.group / p.bins_w;
}

// The samples of one bin along one axis: places base + (k + 0.5) step for k in [first, last], of `count` in all.
template <class C>
struct Samples {
  double count;
  int64_t first, last;
  C base, step;

  PT_HD Samples(C start, C size, int64_t bin, int64_t bins, int64_t samples, int64_t n) {
    const C of_bin = size / static_cast<C>(bins);
    count = samples > 0 ? static_cast<double>(samples) : std::ceil(static_cast<double>(of_bin));
    base = start + static_cast<C>(bin) * of_bin;
    step = count > 0 ? of_bin / static_cast<C>(count) : C(0);
    first = 0;
    last = count > 0 ? static_cast<int64_t>(count) - 1 : -1;
    if (!(step > C(0))) return;
    // only samples within [-1, n] count: a few more on both sides, which `at` sorts out
    const double low = (-1.0 - static_cast<double>(base)) / static_cast<double>(step) - 2;
    const double high = (static_cast<double>(n) - static_cast<double>(base)) / static_cast<double>(step) + 2;
    if (low > 0) first = low < count ? static_cast<int64_t>(low) : last + 1;
    if (high < count - 1) last = high >= 0 ? static_cast<int64_t>(high) : -1;
  }
  struct Place {
    int64_t low, high;
    C share;  // of high
    bool inside;
  };
  PT_HD Place at(int64_t k, int64_t n) const {
    C v = base + (static_cast<C>(k) + C(0.5)) * step;
    if (!(v >= C(-1) && v <= static_cast<C>(n))) return {0, 0, C(0), false};
    v = v > C(0) ? v : C(0);
    const int64_t low = static_cast<int64_t>(v);
    if (low >= n - 1) return {n - 1, n - 1, C(0), true};
    return {low, low + 1, v - static_cast<C>(low), true};
  }
};

template <class T>
struct AlignRegion {
  using C = Compute<T>;
  C x, y, width, height;
  PT_HD AlignRegion(const RegionPlan& p, const T* roi) {
    const C scale = static_cast<C>(p.scale), shift = static_cast<C>(p.shift);
    x = static_cast<C>(roi[1]) * scale - shift;
    y = static_cast<C>(roi[2]) * scale - shift;
    width = static_cast<C>(roi[3]) * scale - shift - x;
    height = static_cast<C>(roi[4]) * scale - shift - y;
    if (p.shift == 0) {
      width = width > C(1) ? width : C(1);
      height = height > C(1) ? height : C(1);
    }
  }
  PT_HD Samples<C> rows(const RegionPlan& p, int64_t bin) const {
    return Samples<C>(y, height, bin, p.bins_h, p.samples, p.h);
  }
  PT_HD Samples<C> columns(const RegionPlan& p, int64_t bin) const {
    return Samples<C>(x, width, bin, p.bins_w, p.samples, p.w);
  }
};

template <class C>
PT_HD C divisor(const Samples<C>& rows, const Samples<C>& columns) {
  const double n = rows.count * columns.count;
  return static_cast<C>(n > 1 ? n : 1);
}

}  // namespace region

// Max pooling: -> result, places of the maxima within their channel (int32; -1: none)
template <class Device, class T>
struct RoiPoolKernel : Kernel {
  explicit RoiPoolKernel(const KernelSpec& s)
      : plan(plan_regions(s.attrs, s.in[0].shape, s.in[1].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RegionPlan p = plan;
    const T* x = static_cast<const T*>(in[0]);
    const T* rois = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    int32_t* places = static_cast<int32_t*>(out[1]);
    const int64_t work = 4 * p.size() / (p.bins() > 0 ? p.bins() : 1) + 16;
    Rows<Device>::each(ctx, p.rois * p.channels * p.bins(), work, [=] PT_LAMBDA(int64_t i) {
      const int64_t channel = i / p.bins() % p.channels, r = i / (p.bins() * p.channels);
      const int64_t image = region::image_of(p, rois, r);
      y[i] = static_cast<T>(C(0));
      places[i] = -1;
      if (image < 0) return;
      const region::MaxRegion<T> box(p, rois + 5 * r);
      const region::Span rows = box.rows(p, i / p.bins_w % p.bins_h), columns = box.columns(p, i % p.bins_w);
      if (rows.size() * columns.size() == 0) return;
      const T* plane = x + (image * p.channels + channel) * p.size();
      C best = static_cast<C>(-std::numeric_limits<float>::max());
      for (int64_t h = rows.begin; h < rows.end; ++h) {
        for (int64_t w = columns.begin; w < columns.end; ++w) {
          const C v = static_cast<C>(plane[h * p.w + w]);
          if (!(v > best)) continue;
          best = v;
          places[i] = static_cast<int32_t>(h * p.w + w);
        }
      }
      y[i] = static_cast<T>(best);
    });
  }
  RegionPlan plan;
};

// (dY, data, rois, places) -> dX
template <class Device, class T>
struct RoiPoolGradKernel : Kernel {
  explicit RoiPoolGradKernel(const KernelSpec& s)
      : plan(plan_regions(s.attrs, s.in[1].shape, s.in[2].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RegionPlan p = plan;
    const T* dy = static_cast<const T*>(in[0]);
    const T* rois = static_cast<const T*>(in[2]);
    const int32_t* places = static_cast<const int32_t*>(in[3]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.batch * p.channels, p.size() + p.rois * p.bins(), [=] PT_LAMBDA(int64_t plane) {
      T* to = dx + plane * p.size();
      for (int64_t i = 0; i < p.size(); ++i) to[i] = static_cast<T>(C(0));
      for (int64_t r = 0; r < p.rois; ++r) {
        if (region::image_of(p, rois, r) != plane / p.channels) continue;
        const int64_t first = (r * p.channels + plane % p.channels) * p.bins();
        for (int64_t i = first; i < first + p.bins(); ++i) {
          const int64_t at = places[i];
          if (at >= 0 && at < p.size()) to[at] = static_cast<T>(static_cast<C>(to[at]) + static_cast<C>(dy[i]));
        }
      }
    });
  }
  RegionPlan plan;
};

// Means of bilinear samples.
template <class Device, class T>
struct RoiAlignKernel : Kernel {
  explicit RoiAlignKernel(const KernelSpec& s)
      : plan(plan_regions(s.attrs, s.in[0].shape, s.in[1].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RegionPlan p = plan;
    const T* x = static_cast<const T*>(in[0]);
    const T* rois = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.rois * p.out_channels * p.bins(), 64, [=] PT_LAMBDA(int64_t i) {
      const int64_t channel = i / p.bins() % p.out_channels, r = i / (p.bins() * p.out_channels);
      const int64_t image = region::image_of(p, rois, r);
      C sum = 0;
      if (image >= 0) {
        const region::AlignRegion<T> box(p, rois + 5 * r);
        const auto rows = box.rows(p, i / p.bins_w % p.bins_h), columns = box.columns(p, i % p.bins_w);
        const int64_t from = p.sensitive ? channel * p.bins() + i % p.bins() : channel;
        const T* plane = x + (image * p.channels + from) * p.size();
        for (int64_t k = rows.first; k <= rows.last; ++k) {
          const auto h = rows.at(k, p.h);
          for (int64_t l = columns.first; h.inside && l <= columns.last; ++l) {
            const auto w = columns.at(l, p.w);
            if (!w.inside) continue;
            const C top = static_cast<C>(plane[h.low * p.w + w.low]) * (1 - w.share) +
                          static_cast<C>(plane[h.low * p.w + w.high]) * w.share;
            const C bottom = static_cast<C>(plane[h.high * p.w + w.low]) * (1 - w.share) +
                             static_cast<C>(plane[h.high * p.w + w.high]) * w.share;
            sum += top * (1 - h.share) + bottom * h.share;
          }
        }
        sum /= region::divisor(rows, columns);
      }
      y[i] = static_cast<T>(sum);
    });
  }
  RegionPlan plan;
};

// (dY, data, rois) -> dX
template <class Device, class T>
struct RoiAlignGradKernel : Kernel {
  explicit RoiAlignGradKernel(const KernelSpec& s)
      : plan(plan_regions(s.attrs, s.in[1].shape, s.in[2].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RegionPlan p = plan;
    const T* dy = static_cast<const T*>(in[0]);
    const T* rois = static_cast<const T*>(in[2]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.batch * p.channels, p.size() + 64 * p.rois * p.bins(), [=] PT_LAMBDA(int64_t plane) {
      T* to = dx + plane * p.size();
      for (int64_t i = 0; i < p.size(); ++i) to[i] = static_cast<T>(C(0));
      const int64_t own = plane % p.channels, channel = p.sensitive ? own / p.bins() : own;
      for (int64_t r = 0; r < p.rois; ++r) {
        if (region::image_of(p, rois, r) != plane / p.channels) continue;
        const region::AlignRegion<T> box(p, rois + 5 * r);
        const T* grads = dy + (r * p.out_channels + channel) * p.bins();
        const int64_t begin = p.sensitive ? own % p.bins() : 0, end = p.sensitive ? begin + 1 : p.bins();
        for (int64_t bin = begin; bin < end; ++bin) {
          const auto rows = box.rows(p, bin / p.bins_w), columns = box.columns(p, bin % p.bins_w);
          const C grad = static_cast<C>(grads[bin]) / region::divisor(rows, columns);
          for (int64_t k = rows.first; k <= rows.last; ++k) {
            const auto h = rows.at(k, p.h);
            for (int64_t l = columns.first; h.inside && l <= columns.last; ++l) {
              const auto w = columns.at(l, p.w);
              if (!w.inside) continue;
              for (int64_t corner = 0; corner < 4; ++corner) {
                const C share = (corner / 2 ? h.share : 1 - h.share) * (corner % 2 ? w.share : 1 - w.share);
                T& sum = to[(corner / 2 ? h.high : h.low) * p.w + (corner % 2 ? w.high : w.low)];
                sum = static_cast<T>(static_cast<C>(sum) + grad * share);
              }
            }
          }
        }
      }
    });
  }
  RegionPlan plan;
};

// Means of the elements of each bin, which has channels of its own.
template <class Device, class T>
struct SensitivePoolKernel : Kernel {
  explicit SensitivePoolKernel(const KernelSpec& s)
      : plan(plan_regions(s.attrs, s.in[0].shape, s.in[1].shape, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RegionPlan p = plan;
    const T* x = static_cast<const T*>(in[0]);
    const T* rois = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.rois * p.out_channels * p.bins(), 64, [=] PT_LAMBDA(int64_t i) {
      const int64_t channel = i / p.bins() % p.out_channels, r = i / (p.bins() * p.out_channels);
      const int64_t image = region::image_of(p, rois, r), bin_h = i / p.bins_w % p.bins_h, bin_w = i % p.bins_w;
      C sum = 0;
      if (image >= 0) {
        const region::MeanRegion<T> box(p, rois + 5 * r);
        const region::Span rows = box.rows(p, bin_h), columns = box.columns(p, bin_w);
        const T* plane = x + (image * p.channels + region::sensitive_channel(p, channel, bin_h, bin_w)) * p.size();
        for (int64_t h = rows.begin; h < rows.end; ++h) {
          for (int64_t w = columns.begin; w < columns.end; ++w) sum += static_cast<C>(plane[h * p.w + w]);
        }
        const int64_t n = rows.size() * columns.size();
        sum = n > 0 ? sum / static_cast<C>(n) : C(0);
      }
      y[i] = static_cast<T>(sum);
    });
  }
  RegionPlan plan;
};

// (dY, data, rois) -> dX
template <class Device, class T>
struct SensitivePoolGradKernel : Kernel {
  explicit SensitivePoolGradKernel(const KernelSpec& s)
      : plan(plan_regions(s.attrs, s.in[1].shape, s.in[2].shape, s.in[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const RegionPlan p = plan;
    const T* dy = static_cast<const T*>(in[0]);
    const T* rois = static_cast<const T*>(in[2]);
    T* dx = static_cast<T*>(out[0]);
    Rows<Device>::each(ctx, p.batch * p.channels, p.size() + 64 * p.rois * p.bins(), [=] PT_LAMBDA(int64_t plane) {
      T* to = dx + plane * p.size();
      for (int64_t i = 0; i < p.size(); ++i) to[i] = static_cast<T>(C(0));
      const int64_t own = plane % p.channels, channel = own / (p.group * p.group);
      for (int64_t r = 0; r < p.rois; ++r) {
        if (region::image_of(p, rois, r) != plane / p.channels) continue;
        const region::MeanRegion<T> box(p, rois + 5 * r);
        for (int64_t bin = 0; bin < p.bins(); ++bin) {
          if (region::sensitive_channel(p, channel, bin / p.bins_w, bin % p.bins_w) != own) continue;
          const region::Span rows = box.rows(p, bin / p.bins_w), columns = box.columns(p, bin % p.bins_w);
          const C grad = static_cast<C>(dy[(r * p.out_channels + channel) * p.bins() + bin]) /
                         static_cast<C>(rows.size() * columns.size());
          for (int64_t h = rows.begin; h < rows.end; ++h) {
            for (int64_t w = columns.begin; w < columns.end; ++w) {
              T& sum = to[h * p.w + w];
              sum = static_cast<T>(static_cast<C>(sum) + grad);
            }
          }
        }
      }
    });
  }
  RegionPlan plan;
};

}  // namespace paratrain
