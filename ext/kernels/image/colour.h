// Changes of an image's colours: (H, W, C) with one channel, or red, green and blue.
#pragma once
#include <cmath>

#include "kernels/random/random.h"

namespace paratrain {

namespace colour {

template <class T>
PT_HD T stored(float v) {
  if constexpr (std::is_same_v<T, uint8_t>) {
    return static_cast<T>(v > 0 ? (v < 255 ? v : 255.0f) : 0.0f);  // fractions are cut off
  } else {
    return static_cast<T>(static_cast<Compute<T>>(v));
  }
}

PT_HD float gray(float r, float g, float b) { return 0.299f * r + 0.587f * g + 0.114f * b; }

template <class T>
PT_HD float gray_of(const T* pixel, int64_t channels) {
  if (channels == 1) return static_cast<float>(pixel[0]);
  return gray(static_cast<float>(pixel[0]), static_cast<float>(pixel[1]), static_cast<float>(pixel[2]));
}

struct Rgb {
  float r, g, b;
};

// One of red, green, blue from hue (in sixths of the circle), the smallest of the three, and what the largest has more.
PT_HD float part(float hue, float low, float span) {
  while (hue < 0) hue += 6;
  while (hue >= 6) hue -= 6;
  const float up = hue < 1 ? hue : (hue < 3 ? 1.0f : (hue < 4 ? 4 - hue : 0.0f));
  return low + span * up;
}

// The hue turned by `turns` of the circle; lightness and saturation stay.
PT_HD Rgb turned(Rgb c, float turns) {
  const float high = c.r > c.g ? (c.r > c.b ? c.r : c.b) : (c.g > c.b ? c.g : c.b);
  const float low = c.r < c.g ? (c.r < c.b ? c.r : c.b) : (c.g < c.b ? c.g : c.b);
  const float span = high - low;
  const float by = turns - std::floor(turns);
  if (!(span > 0) || !(span < 1e30f) || by == 0) return c;  // gray has no hue
  float hue = high == c.r ? (c.g - c.b) / span : (high == c.g ? 2 + (c.b - c.r) / span : 4 + (c.r - c.g) / span);
  hue += 6 * by;
  return {part(hue + 2, low, span), part(hue, low, span), part(hue - 2, low, span)};
}

enum Change : int64_t { brightness = 0, contrast = 1, saturation = 2, hue = 3 };

}  // namespace colour

// The changes in attribute kinds, each by a random factor in [low, high]; attribute shuffled: in random order.
template <class Device, class T>
struct ColourKernel : Kernel {
  explicit ColourKernel(const KernelSpec& s)
      : channels(s.in[0].shape.back()),
        pixels(channels > 0 ? s.in[0].size() / channels : 0),
        op_id(s.attrs.integer("op_id")),
        kinds(s.attrs.ints("kinds")),
        shuffled(s.attrs.flag("shuffled")) {
    if (kinds.empty()) return;
    low = s.attrs.reals("low");
    high = s.attrs.reals("high");
  }
  size_t workspace_bytes() const override { return sizeof(double); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const int64_t n = pixels * channels;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = x[i]; });
    if (n == 0) return;
    const philox::Stream stream = stream_of(ctx, op_id);
    std::vector<size_t> order(kinds.size());
    for (size_t k = 0; k < order.size(); ++k) order[k] = k;
    for (size_t k = order.size(); shuffled && k > 1; --k) {
      const uint32_t word = philox::word(stream, static_cast<int64_t>(64 + k));
      std::swap(order[k - 1], order[word % k]);
    }
    for (size_t k : order) {
      const double share = static_cast<double>(philox::uniform(philox::word(stream, static_cast<int64_t>(k))));
      change(ctx, kinds[k], static_cast<float>(low[k] + (high[k] - low[k]) * share), y);
    }
  }
  void change(const RunContext& ctx, int64_t kind, float by, T* y) {
    switch (kind) {
      case colour::brightness: return scale(ctx, by, y);
      case colour::contrast: return stretch(ctx, by, y);
      case colour::saturation: return saturate(ctx, by, y);
      default: return turn(ctx, by, y);
    }
  }
  void scale(const RunContext& ctx, float by, T* y) {
    Launch<Device>::map(ctx, pixels * channels,
                        [=] PT_LAMBDA(int64_t i) { y[i] = colour::stored<T>(static_cast<float>(y[i]) * by); });
  }
  void stretch(const RunContext& ctx, float by, T* y) {
    double* mean = reinterpret_cast<double*>(ctx.workspace);
    const int64_t n = channels, count = pixels;
    ReducePlan all;
    all.outputs = 1;
    all.length = pixels;
    all.reduced = 1;
    all.reduced_shape[0] = pixels;
    all.reduced_stride[0] = 1;
    Launch<Device>::reduce(
        ctx, all, 0.0, [=] PT_LAMBDA(int64_t i) { return static_cast<double>(colour::gray_of(y + i * n, n)); },
        [=] PT_LAMBDA(double a, double b) { return a + b; },
        [=] PT_LAMBDA(int64_t, double total) { *mean = total / static_cast<double>(count); });
    Launch<Device>::map(ctx, pixels * channels, [=] PT_LAMBDA(int64_t i) {
      y[i] = colour::stored<T>(static_cast<float>(y[i]) * by + (1 - by) * static_cast<float>(*mean));
    });
  }
  void saturate(const RunContext& ctx, float by, T* y) {
    if (channels != 3) return;
    Launch<Device>::map(ctx, pixels, [=] PT_LAMBDA(int64_t i) {
      T* pixel = y + 3 * i;
      const float gray = colour::gray_of(pixel, 3) * (1 - by);
      for (int64_t c = 0; c < 3; ++c) pixel[c] = colour::stored<T>(static_cast<float>(pixel[c]) * by + gray);
    });
  }
  void turn(const RunContext& ctx, float by, T* y) {
    if (channels != 3) return;
    Launch<Device>::map(ctx, pixels, [=] PT_LAMBDA(int64_t i) {
      T* pixel = y + 3 * i;
      const colour::Rgb from{static_cast<float>(pixel[0]), static_cast<float>(pixel[1]), static_cast<float>(pixel[2])};
      const colour::Rgb to = colour::turned(from, by);
      pixel[0] = colour::stored<T>(to.r);
      pixel[1] = colour::stored<T>(to.g);
      pixel[2] = colour::stored<T>(to.b);
    });
  }
  int64_t channels, pixels, op_id;
  Shape kinds;
  std::vector<double> low, high;
  bool shuffled;
};

// Noise along the main directions of the colours of natural images (Krizhevsky et al., 2012).  Attribute alpha: how
// much of each, or std: the deviation of three normal numbers.
template <class Device, class T>
struct LightingKernel : Kernel {
  explicit LightingKernel(const KernelSpec& s) : channels(s.in[0].shape.back()), size(s.in[0].size()) {
    if (s.attrs.has("alpha")) {
      alpha = s.attrs.reals("alpha");
    } else {
      deviation = s.attrs.real("std");
      op_id = s.attrs.integer("op_id");
    }
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    // directions times the roots of their variances, for values up to 255
    constexpr double kMain[3][3] = {{55.46 * -0.5675, 4.794 * 0.7192, 1.148 * 0.4009},
                                    {55.46 * -0.5808, 4.794 * -0.0045, 1.148 * -0.8140},
                                    {55.46 * -0.5836, 4.794 * -0.6948, 1.148 * 0.4203}};
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    std::vector<double> by = alpha;
    if (by.empty()) {
      const philox::Stream stream = stream_of(ctx, op_id);
      const draw::Pair a = draw::Normal{0.0, deviation}.apply(philox::block(stream, 0));
      const draw::Pair b = draw::Normal{0.0, deviation}.apply(philox::block(stream, 1));
      by = {a.a, a.b, b.a};
    }
    float shift[3];
    for (int c = 0; c < 3; ++c) {
      shift[c] = static_cast<float>(kMain[c][0] * by[0] + kMain[c][1] * by[1] + kMain[c][2] * by[2]);
    }
    const colour::Rgb add{shift[0], shift[1], shift[2]};
    const int64_t n = channels;
    Launch<Device>::map(ctx, size, [=] PT_LAMBDA(int64_t i) {
      const int64_t c = i % n;
      const float more = n != 3 ? 0.0f : (c == 0 ? add.r : (c == 1 ? add.g : add.b));
      y[i] = colour::stored<T>(static_cast<float>(x[i]) + more);
    });
  }
  int64_t channels, size, op_id = 0;
  std::vector<double> alpha;
  double deviation = 0;
};

}  // namespace paratrain
