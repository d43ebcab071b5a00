#include "produce.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace paratrain::io {

namespace {

constexpr int kBits = 11;
constexpr int kOne = 1 << kBits;

// One output coordinate as a blend of two source coordinates: near * (kOne - weight) + far * weight.
struct Blend {
  int64_t near, far;
  int32_t weight;
};

Blend blend(int64_t at, int64_t resized, int64_t size) {
  const double scale = static_cast<double>(size) / static_cast<double>(resized);
  const double centre = (static_cast<double>(at) + 0.5) * scale - 0.5;
  const double floor = std::floor(centre);
  const int64_t near = static_cast<int64_t>(floor);
  if (near < 0) return {0, 0, 0};
  if (near >= size - 1) return {size - 1, size - 1, 0};
  return {near, near + 1, static_cast<int32_t>(std::lrint((centre - floor) * kOne))};
}

// How a pixel value becomes an element of the batch.
struct ToFloat {
  const Affine& affine;
  float operator()(int32_t pixel, int64_t channel) const {
    return static_cast<float>(pixel) * affine.factor[channel] + affine.shift[channel];
  }
};
struct ToByte {
  uint8_t operator()(int32_t pixel, int64_t) const { return static_cast<uint8_t>(pixel); }
};

struct ToSignedByte {
  const Affine& affine;
  int8_t operator()(int32_t pixel, int64_t channel) const {
    const float value = static_cast<float>(pixel) * affine.factor[channel] + affine.shift[channel];
    return static_cast<int8_t>(std::lrint(std::clamp(value, -128.0f, 127.0f)));
  }
};

template <int C, class T, class Convert>
void crop(const Source& source, const Window& window, const Convert& convert, T* out) {
  const int64_t plane = window.height * window.width;
  for (int64_t y = 0; y < window.height; ++y) {
    const uint8_t* row = source.pixels + (window.top + y) * source.stride + window.left * C;
    const int64_t last = window.width - 1;
    for (int64_t c = 0; c < C; ++c) {
      T* to = out + c * plane + y * window.width;
      if (window.mirror) {
        for (int64_t x = 0; x <= last; ++x) to[x] = convert(row[(last - x) * C + c], c);
      } else {
        for (int64_t x = 0; x <= last; ++x) to[x] = convert(row[x * C + c], c);
      }
    }
  }
}

// The source columns a window needs, and how its own columns are blended from them.
struct Columns {
  Columns(const Source& source, const Window& window)
      : near(static_cast<size_t>(window.width)), far(near.size()), weight(near.size()) {
    first = source.width;
    int64_t last = 0;
    for (int64_t x = 0; x < window.width; ++x) {
      const int64_t at = window.left + (window.mirror ? window.width - 1 - x : x);
      const Blend b = blend(at, window.resized_width, source.width);
      near[static_cast<size_t>(x)] = static_cast<int32_t>(b.near);
      far[static_cast<size_t>(x)] = static_cast<int32_t>(b.far);
      weight[static_cast<size_t>(x)] = b.weight;
      first = std::min(first, b.near);
      last = std::max(last, b.far);
    }
    for (size_t x = 0; x < near.size(); ++x) {
      near[x] -= static_cast<int32_t>(first);
      far[x] -= static_cast<int32_t>(first);
    }
    count = last - first + 1;
  }

  std::vector<int32_t> near, far, weight;
  int64_t first, count;
};

// Blends two source rows, channels apart: out[c][x] = near * near_weight + far * far_weight.
template <int C>
void blend_rows(const uint8_t* near, const uint8_t* far, int32_t far_weight, int64_t count, int32_t* out) {
  const int32_t near_weight = kOne - far_weight;
  for (int64_t x = 0; x < count; ++x) {
    for (int64_t c = 0; c < C; ++c) {
      out[c * count + x] = near[x * C + c] * near_weight + far[x * C + c] * far_weight;
    }
  }
}

// The sums are exact whole numbers, so it does not matter that rows are blended first.
template <int C, class T, class Convert>
void resize(const Source& source, const Window& window, const Convert& convert, T* out) {
  const Columns columns(source, window);
  std::vector<int32_t> row(static_cast<size_t>(columns.count * C));
  const int32_t *near = columns.near.data(), *far = columns.far.data(), *weight = columns.weight.data();
  const int64_t width = window.width, plane = window.height * width;
  for (int64_t y = 0; y < window.height; ++y) {
    const Blend b = blend(window.top + y, window.resized_height, source.height);
    const uint8_t* pixels = source.pixels + columns.first * C;
    blend_rows<C>(pixels + b.near * source.stride, pixels + b.far * source.stride, b.weight, columns.count, row.data());
    for (int64_t c = 0; c < C; ++c) {
      const int32_t* from = row.data() + c * columns.count;
      T* to = out + c * plane + y * width;
      for (int64_t x = 0; x < width; ++x) {
        const int32_t sum = from[near[x]] * (kOne - weight[x]) + from[far[x]] * weight[x];
        to[x] = convert((sum + (1 << (2 * kBits - 1))) >> (2 * kBits), c);
      }
    }
  }
}

template <int C, class T, class Convert>
void produce_channels(const Source& source, const Window& window, const Convert& convert, T* out) {
  if (window.resized_height == source.height && window.resized_width == source.width) {
    crop<C>(source, window, convert, out);
  } else {
    resize<C>(source, window, convert, out);
  }
}

template <class T, class Convert>
void produce_any(const Source& source, const Window& window, const Convert& convert, T* out) {
  const bool inside = window.top >= 0 && window.left >= 0 && window.top + window.height <= window.resized_height &&
                      window.left + window.width <= window.resized_width && source.height > 0 && source.width > 0;
  if (!inside) throw std::invalid_argument("[produce] the window must lie inside the resized image");
  switch (source.channels) {
    case 1: return produce_channels<1>(source, window, convert, out);
    case 3: return produce_channels<3>(source, window, convert, out);
    case 4: return produce_channels<4>(source, window, convert, out);
    default:
      throw std::invalid_argument("[produce] an image has 1, 3 or 4 channels; got " + std::to_string(source.channels));
  }
}

}  // namespace

void produce(const Source& source, const Window& window, const Affine& affine, float* out) {
  produce_any(source, window, ToFloat{affine}, out);
}

void produce(const Source& source, const Window& window, const Affine& affine, int8_t* out) {
  produce_any(source, window, ToSignedByte{affine}, out);
}

void produce(const Source& source, const Window& window, uint8_t* out) { produce_any(source, window, ToByte{}, out); }

}  // namespace paratrain::io
