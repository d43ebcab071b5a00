#include "colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "half.h"

namespace paratrain::io {

namespace {

constexpr int64_t kBlock = 512;  // pixels worked on at once: their floats stay in the first-level cache
constexpr std::array<float, 3> kBrightness = {0.299f, 0.587f, 0.114f};

using Rows = std::array<std::array<float, 4>, 3>;  // matrix and offset
struct Block {
  alignas(64) float values[3][kBlock];
};

Rows identity() { return {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}; }

float brightness(const Rows& rows, const std::array<float, 3>& means) {
  float sum = 0;
  for (size_t i = 0; i < 3; ++i) {
    sum += kBrightness[i] * (rows[i][0] * means[0] + rows[i][1] * means[1] + rows[i][2] * means[2] + rows[i][3]);
  }
  return sum;
}

// All tints as one. The mean brightness after the first few follows from the channels' means, because these are linear.
Rows joined(const std::vector<Tint>& tints, const std::array<float, 3>& means) {
  Rows rows = identity();
  for (const Tint& tint : tints) {
    const float constant = tint.grey != 0 ? tint.grey * brightness(rows, means) : 0;
    Rows next{};
    for (size_t i = 0; i < 3; ++i) {
      for (size_t j = 0; j < 4; ++j) {
        for (size_t k = 0; k < 3; ++k) next[i][j] += tint.matrix[i][k] * rows[k][j];
      }
      next[i][3] += tint.offset[i] + constant;
    }
    rows = next;
  }
  return rows;
}

float mean_of(const uint8_t* plane, int64_t pixels) {
  int64_t sum = 0;
  for (int64_t begin = 0; begin < pixels; begin += 1 << 20) {
    uint32_t part = 0;  // of at most 2^20 bytes: fits
    const int64_t end = std::min(pixels, begin + (1 << 20));
    for (int64_t i = begin; i < end; ++i) part += plane[i];
    sum += part;
  }
  return static_cast<float>(static_cast<double>(sum) / static_cast<double>(pixels));
}

std::array<float, 3> means_of(const Planes& planes, const std::vector<Tint>& tints) {
  std::array<float, 3> means{};
  const bool wanted = std::any_of(tints.begin(), tints.end(), [](const Tint& tint) { return tint.grey != 0; });
  for (size_t c = 0; wanted && c < 3; ++c) {
    const int64_t plane = planes.channels == 1 ? 0 : static_cast<int64_t>(c);
    means[c] = mean_of(planes.bytes + plane * planes.pixels, planes.pixels);
  }
  return means;
}

float limited(float value) { return std::min(std::max(value, 0.0f), 255.0f); }

void tint(const Rows& rows, int64_t n, Block* block) {
  float *r = block->values[0], *g = block->values[1], *b = block->values[2];
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) {
    const float x = r[i], y = g[i], z = b[i];
    r[i] = limited(rows[0][0] * x + rows[0][1] * y + rows[0][2] * z + rows[0][3]);
    g[i] = limited(rows[1][0] * x + rows[1][1] * y + rows[1][2] * z + rows[1][3]);
    b[i] = limited(rows[2][0] * x + rows[2][1] * y + rows[2][2] * z + rows[2][3]);
  }
}

// One channel of the colour with hue `h` in twelfths of the circle; `n` is 0, 8 and 4 for red, green and blue.
float channel(float n, float h, float l, float a) {
  float k = n + h;
  k -= k >= 12.0f ? 12.0f : 0.0f;
  return l - a * std::max(-1.0f, std::min(std::min(k - 3.0f, 9.0f - k), 1.0f));
}

void shift(const Colour& by, int64_t n, Block* block) {
  float *r = block->values[0], *g = block->values[1], *b = block->values[2];
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) {
    const float x = r[i], y = g[i], z = b[i];
    const float high = std::max(x, std::max(y, z)), low = std::min(x, std::min(y, z));
    const float range = high - low, sum = high + low;
    const float unit = 30.0f / (range > 0 ? range : 1.0f);  // hue counts 180 units, 30 for each sixth of the circle
    float h = high == x ? (y - z) * unit : high == y ? 60.0f + (z - x) * unit : 120.0f + (x - y) * unit;
    h += h < 0 ? 180.0f : 0.0f;
    const float room = sum <= 255.0f ? sum : 510.0f - sum;
    const float s = 255.0f * range / (room > 0 ? room : 1.0f);
    h = std::min(std::max(h + by.hue, 0.0f), 180.0f) * (12.0f / 180.0f);
    h -= h >= 12.0f ? 12.0f : 0.0f;
    const float l = limited(0.5f * sum + by.lightness);
    const float a = limited(s + by.saturation) * (1.0f / 255.0f) * std::min(l, 255.0f - l);
    r[i] = channel(0, h, l, a);
    g[i] = channel(8, h, l, a);
    b[i] = channel(4, h, l, a);
  }
}

struct ToFloat {
  const Affine& affine;
  float operator()(float value, int64_t c) const { return value * affine.factor[c] + affine.shift[c]; }
};
struct ToHalf {
  const Affine& affine;
  uint16_t operator()(float value, int64_t c) const { return half_of(value * affine.factor[c] + affine.shift[c]); }
};
struct ToSignedByte {
  const Affine& affine;
  int8_t operator()(float value, int64_t c) const {
    const float number = value * affine.factor[c] + affine.shift[c];
    return static_cast<int8_t>(std::nearbyint(std::min(std::max(number, -128.0f), 127.0f)));
  }
};
struct ToByte {
  uint8_t operator()(float value, int64_t) const { return static_cast<uint8_t>(value); }
};

template <class T, class Convert>
void apply(const Planes& planes, const Colour& program, const Convert& convert, T* out) {
  if (planes.channels != 1 && planes.channels != 3 && planes.channels != 4) {
    throw std::invalid_argument("[colour] an image has 1, 3 or 4 channels");
  }
  const Rows before = joined(program.before, means_of(planes, program.before));
  const Rows after = joined(program.after, {});
  const int64_t colours = std::min<int64_t>(planes.channels, 3);
  Block block;
  for (int64_t at = 0; at < planes.pixels; at += kBlock) {
    const int64_t n = std::min(kBlock, planes.pixels - at);
    for (int64_t c = 0; c < 3; ++c) {
      const uint8_t* from = planes.bytes + std::min(c, colours - 1) * planes.pixels + at;
      for (int64_t i = 0; i < n; ++i) block.values[c][i] = from[i];
    }
    if (!program.before.empty()) tint(before, n, &block);
    if (program.shifted) shift(program, n, &block);
    if (!program.after.empty()) tint(after, n, &block);
    for (int64_t c = 0; c < colours; ++c) {
      T* to = out + c * planes.pixels + at;
      for (int64_t i = 0; i < n; ++i) to[i] = convert(std::nearbyint(limited(block.values[c][i])), c);
    }
  }
  for (int64_t i = 0; planes.channels == 4 && i < planes.pixels; ++i) {
    out[3 * planes.pixels + i] = convert(planes.bytes[3 * planes.pixels + i], 3);
  }
}

}  // namespace

void colour(const Planes& planes, const Colour& program, const Target& target) {
  switch (target.element) {
    case Element::float32: return apply(planes, program, ToFloat{target.affine}, static_cast<float*>(target.data));
    case Element::float16: return apply(planes, program, ToHalf{target.affine}, static_cast<uint16_t*>(target.data));
    case Element::int8: return apply(planes, program, ToSignedByte{target.affine}, static_cast<int8_t*>(target.data));
    case Element::uint8: return apply(planes, program, ToByte{}, static_cast<uint8_t*>(target.data));
  }
}

}  // namespace paratrain::io
