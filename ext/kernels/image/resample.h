// Images (H, W, C) of another size, as OpenCV makes them: 8-bit ones in whole numbers, others in real ones.
#pragma once
#include <cmath>

#include "kernels/launch/rows.h"

namespace paratrain {

enum class Resample : int { nearest, linear, cubic, area, lanczos };  // OpenCV's numbers

namespace resample {

constexpr int kTaps = 8;
constexpr double kFixed = 2048;  // weights of 8-bit images are multiples of 1 / kFixed

struct Axis {
  int64_t in, out;
  double scale;  // in / out
  Resample mode;
  bool stretched;  // means over an area where there is no area: linear
  bool columns;    // beyond the border, weights go to one element (of rows, two weights to the same row)
};

// The weighted elements [first, first + count) that make up an element; outside of the axis its border counts.
struct Taps {
  int64_t first;
  int count;
  float weight[kTaps];
};

PT_HD double sinc_weight(double x) {
  const double pi = 3.141592653589793;
  if (x < 1e-6 && x > -1e-6) return 1;
  return x > -4 && x < 4 ? std::sin(pi * x) * std::sin(pi * x / 4) * 4 / (pi * pi * x * x) : 0.0;
}

PT_HD Taps taps_of(const Axis& a, int64_t o) {
  Taps t;
  if (a.mode == Resample::nearest) {
    const int64_t at = static_cast<int64_t>(std::floor(static_cast<double>(o) * a.scale));
    t.first = at < a.in - 1 ? at : a.in - 1;
    t.count = 1;
    t.weight[0] = 1;
    return t;
  }
  if (a.stretched) {
    const int64_t at = static_cast<int64_t>(std::floor(static_cast<double>(o) * a.scale));
    const double rest = static_cast<double>(o + 1) - static_cast<double>(at + 1) / a.scale;
    const float share = static_cast<float>(rest > 0 ? rest - std::floor(rest) : 0.0);
    t.first = at;
    t.count = 2;
    t.weight[0] = 1 - share;
    t.weight[1] = share;
    return t;
  }
  const float place = static_cast<float>((static_cast<double>(o) + 0.5) * a.scale - 0.5);
  const float low = std::floor(place);
  const float x = place - low;
  const int64_t at = static_cast<int64_t>(low);
  if (a.mode == Resample::linear) {
    const bool inside = !a.columns || (at >= 0 && at < a.in - 1);
    t.first = at;
    t.count = 2;
    t.weight[0] = inside ? 1 - x : 1.0f;
    t.weight[1] = inside ? x : 0.0f;
  } else if (a.mode == Resample::cubic) {
    const float k = -0.75f;
    t.first = at - 1;
    t.count = 4;
    t.weight[0] = ((k * (x + 1) - 5 * k) * (x + 1) + 8 * k) * (x + 1) - 4 * k;
    t.weight[1] = ((k + 2) * x - (k + 3)) * x * x + 1;
    t.weight[2] = ((k + 2) * (1 - x) - (k + 3)) * (1 - x) * (1 - x) + 1;
    t.weight[3] = 1 - t.weight[0] - t.weight[1] - t.weight[2];
  } else {
    t.first = at - 3;
    t.count = kTaps;
    double sum = 0;
    for (int k = 0; k < kTaps; ++k) sum += sinc_weight(static_cast<double>(x) + 3 - k);
    for (int k = 0; k < kTaps; ++k) t.weight[k] = static_cast<float>(sinc_weight(static_cast<double>(x) + 3 - k) / sum);
  }
  return t;
}

PT_HD int64_t bounded(int64_t at, int64_t n) { return at < 0 ? 0 : (at < n ? at : n - 1); }

// A weight in whole numbers, within 16 bits.
PT_HD int64_t fixed(float weight) {
  const double v = std::rint(static_cast<double>(weight) * kFixed);
  return static_cast<int64_t>(v < -32768 ? -32768.0 : (v > 32767 ? 32767.0 : v));
}

template <class T>
PT_HD T rounded(double v) {
  if constexpr (std::is_same_v<T, uint8_t>) {
    const double r = std::rint(v);
    return static_cast<T>(r < 0 ? 0.0 : (r > 255 ? 255.0 : r));
  } else {
    return static_cast<T>(static_cast<Compute<T>>(v));
  }
}

// x: one channel of the image, whose elements are `step` apart.
template <class T>
PT_HD T weighted(const T* x, int64_t step, const Axis& rows, const Axis& columns, const Taps& r, const Taps& c) {
  double sum = 0;
  for (int i = 0; i < r.count; ++i) {
    const T* row = x + bounded(r.first + i, rows.in) * columns.in * step;
    float of_row = 0;
    for (int j = 0; j < c.count; ++j) {
      of_row += c.weight[j] * static_cast<float>(row[bounded(c.first + j, columns.in) * step]);
    }
    sum += static_cast<double>(r.weight[i] * of_row);
  }
  return rounded<T>(sum);
}

PT_HD uint8_t weighted(const uint8_t* x, int64_t step, const Axis& rows, const Axis& columns, const Taps& r,
                       const Taps& c) {
  int64_t sum = 0;
  for (int i = 0; i < r.count; ++i) {
    const uint8_t* row = x + bounded(r.first + i, rows.in) * columns.in * step;
    int64_t of_row = 0;
    for (int j = 0; j < c.count; ++j) of_row += fixed(c.weight[j]) * row[bounded(c.first + j, columns.in) * step];
    // two rows are added with 18 bits less, as 16-bit products have it
    sum += r.count == 2 ? (fixed(r.weight[i]) * (of_row >> 4)) >> 16 : fixed(r.weight[i]) * of_row;
  }
  const int64_t v = r.count == 2 ? (sum + 2) >> 2 : (sum + (1 << 21)) >> 22;
  return static_cast<uint8_t>(v < 0 ? 0 : (v > 255 ? 255 : v));
}

// Share of element i in [begin, end), of length 1 where it lies inside.
PT_HD double share(int64_t i, double begin, double end) {
  const double low = static_cast<double>(i), high = low + 1;
  const double from = low > begin ? low : begin, to = high < end ? high : end;
  return to - from > 1e-3 ? to - from : 0.0;
}

// Mean over the elements that an element of the smaller image covers.
template <class T>
PT_HD T mean(const T* x, int64_t step, const Axis& rows, const Axis& columns, int64_t row, int64_t column) {
  const double top = static_cast<double>(row) * rows.scale, left = static_cast<double>(column) * columns.scale;
  const double bottom = top + rows.scale, right = left + columns.scale;
  double sum = 0, area = 0;
  for (int64_t i = static_cast<int64_t>(top); i < rows.in && static_cast<double>(i) < bottom; ++i) {
    const double height = share(i, top, bottom);
    for (int64_t j = static_cast<int64_t>(left); j < columns.in && static_cast<double>(j) < right; ++j) {
      const double part = height * share(j, left, right);
      sum += part * static_cast<double>(static_cast<Compute<T>>(x[(i * columns.in + j) * step]));
      area += part;
    }
  }
  // 2 x 2 elements are rounded up
  if (std::is_same_v<T, uint8_t> && rows.scale == 2 && columns.scale == 2) return rounded<T>(std::floor(sum / 4 + 0.5));
  return rounded<T>(area > 0 ? sum / area : 0.0);
}

}  // namespace resample

// (N, H, W, C) or (H, W, C); attribute interp.
struct ResamplePlan {
  int64_t images, channels;
  resample::Axis rows, columns;
  bool means;
};

ResamplePlan plan_resample(const KernelSpec& s);

template <class Device, class T>
struct ImageResizeKernel : Kernel {
  explicit ImageResizeKernel(const KernelSpec& s) : plan(plan_resample(s)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const ResamplePlan p = plan;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t size = p.rows.in * p.columns.in * p.channels;
    Rows<Device>::each(ctx, p.images * p.rows.out * p.columns.out, 32 * p.channels, [=] PT_LAMBDA(int64_t i) {
      const int64_t column = i % p.columns.out, row = i / p.columns.out % p.rows.out;
      const T* image = x + i / (p.columns.out * p.rows.out) * size;
      if (p.means) {
        for (int64_t c = 0; c < p.channels; ++c) {
          y[i * p.channels + c] = resample::mean(image + c, p.channels, p.rows, p.columns, row, column);
        }
        return;
      }
      const resample::Taps r = resample::taps_of(p.rows, row), k = resample::taps_of(p.columns, column);
      for (int64_t c = 0; c < p.channels; ++c) {
        const T* channel = image + c;
        T& to = y[i * p.channels + c];
        if (r.count == 1) {
          to = channel[(r.first * p.columns.in + k.first) * p.channels];
        } else {
          to = resample::weighted(channel, p.channels, p.rows, p.columns, r, k);
        }
      }
    });
  }
  ResamplePlan plan;
};

}  // namespace paratrain
