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

// Source rows blended along x, channels apart; the two rows needed last are kept.
template <int C>
class Rows {
 public:
  Rows(const Source& source, const Window& window) : source_(source), columns_(static_cast<size_t>(window.width)) {
    for (int64_t x = 0; x < window.width; ++x) {
      const int64_t at = window.left + (window.mirror ? window.width - 1 - x : x);
      columns_[static_cast<size_t>(x)] = blend(at, window.resized_width, source.width);
    }
    for (auto& row : rows_) row.values.resize(columns_.size() * C);
  }

  // Values of source row `y` times kOne; (C, width). Stays valid while one other row is asked for.
  const int32_t* get(int64_t y) {
    for (Row& row : rows_) {
      if (row.y == y) {
        spare_ = &row == &rows_[0] ? 1 : 0;
        return row.values.data();
      }
    }
    Row& row = rows_[spare_];
    spare_ = 1 - spare_;
    row.y = y;
    fill(source_.pixels + y * source_.stride, row.values.data());
    return row.values.data();
  }

 private:
  struct Row {
    int64_t y = -1;
    std::vector<int32_t> values;
  };

  void fill(const uint8_t* from, int32_t* to) const {
    const size_t width = columns_.size();
    for (size_t x = 0; x < width; ++x) {
      const Blend& b = columns_[x];
      const uint8_t *near = from + b.near * C, *far = from + b.far * C;
      for (size_t c = 0; c < C; ++c) to[c * width + x] = near[c] * (kOne - b.weight) + far[c] * b.weight;
    }
  }

  const Source& source_;
  std::vector<Blend> columns_;
  Row rows_[2];
  int spare_ = 0;
};

template <int C, class T, class Convert>
void resize(const Source& source, const Window& window, const Convert& convert, T* out) {
  Rows<C> rows(source, window);
  const int64_t plane = window.height * window.width;
  for (int64_t y = 0; y < window.height; ++y) {
    const Blend b = blend(window.top + y, window.resized_height, source.height);
    const int32_t *near = rows.get(b.near), *far = rows.get(b.far);
    const int32_t far_weight = b.weight, near_weight = kOne - b.weight;
    for (int64_t c = 0; c < C; ++c) {
      T* to = out + c * plane + y * window.width;
      const int32_t *p = near + c * window.width, *q = far + c * window.width;
      for (int64_t x = 0; x < window.width; ++x) {
        const int32_t sum = p[x] * near_weight + q[x] * far_weight;
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
