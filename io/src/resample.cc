#include "resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "taps.h"

namespace paratrain::io {

namespace {

uint8_t to_byte(float value) { return static_cast<uint8_t>(std::lrint(std::min(std::max(value, 0.0f), 255.0f))); }

void check(const Source& source, int64_t height, int64_t width) {
  const bool fits = source.channels == 1 || source.channels == 3 || source.channels == 4;
  if (!fits || source.height < 1 || source.width < 1 || height < 1 || width < 1) {
    throw std::invalid_argument("[resample] an image has at least 1 x 1 pixel and 1, 3 or 4 channels");
  }
}

// One row of the source, blended along its width: `out` is (width, channels).
template <class T>
void blend_columns(const T* row, const Taps& taps, int64_t channels, float* out) {
  for (int64_t x = 0; x < taps.size; ++x) {
    const int32_t* from = taps.places(x);
    const float* weights = taps.weights(x);
    for (int64_t c = 0; c < channels; ++c) {
      float sum = 0;
      for (int64_t k = 0; k < taps.count; ++k) sum += weights[k] * static_cast<float>(row[from[k] * channels + c]);
      out[x * channels + c] = sum;
    }
  }
}

template <class T>
void nearest(const SourceOf<T>& source, const Taps& rows, const Taps& columns, T* out) {
  for (int64_t y = 0; y < rows.size; ++y) {
    const T* row = source.pixels + *rows.places(y) * source.stride;
    for (int64_t x = 0; x < columns.size; ++x) {
      for (int64_t c = 0; c < source.channels; ++c) *out++ = row[*columns.places(x) * source.channels + c];
    }
  }
}

void put(float value, uint8_t* out) { *out = to_byte(value); }
void put(float value, float* out) { *out = value; }

// Rows that were blended along the width are kept for as long as one of the output's rows may need them.
template <class T>
void resample_as(const SourceOf<T>& source, int64_t height, int64_t width, Method method, T* out) {
  const bool means = height <= source.height && width <= source.width;
  const Taps rows(source.height, height, method, means), columns(source.width, width, method, means);
  if (method == Method::nearest) return nearest(source, rows, columns, out);
  const int64_t length = width * source.channels;
  std::vector<float> kept(static_cast<size_t>(rows.count * length)), sums(static_cast<size_t>(length));
  std::vector<int64_t> held(static_cast<size_t>(rows.count), -1);
  for (int64_t y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (int64_t k = 0; k < rows.count; ++k) {
      const int64_t from = rows.places(y)[k], place = from % rows.count;
      float* blended = kept.data() + place * length;
      if (held[static_cast<size_t>(place)] != from) {
        blend_columns(source.pixels + from * source.stride, columns, source.channels, blended);
        held[static_cast<size_t>(place)] = from;
      }
      const float weight = rows.weights(y)[k];
      for (int64_t i = 0; i < length; ++i) sums[static_cast<size_t>(i)] += weight * blended[i];
    }
    for (int64_t i = 0; i < length; ++i) put(sums[static_cast<size_t>(i)], out + y * length + i);
  }
}

}  // namespace

void resample(const Source& source, int64_t height, int64_t width, Method method, uint8_t* out) {
  check(source, height, width);
  resample_as<uint8_t>({source.pixels, source.height, source.width, source.channels, source.stride}, height, width,
                       method, out);
}

void resample(const FloatSource& source, int64_t height, int64_t width, Method method, float* out) {
  if (source.channels < 1 || source.height < 1 || source.width < 1 || height < 1 || width < 1) {
    throw std::invalid_argument("[resample] an image has at least 1 x 1 pixel and 1 channel");
  }
  resample_as<float>(source, height, width, method, out);
}

namespace {

constexpr int kParts = 32;  // of a pixel

// Weights of the taps for each of the 32 places between two pixels.
struct Between {
  explicit Between(Method method) : taps(method == Method::cubic ? 4 : method == Method::lanczos ? 8 : 2) {
    for (int part = 0; part < kParts; ++part) {
      between(method, static_cast<double>(part) / kParts, weights[static_cast<size_t>(part)].data());
    }
  }
  int64_t taps;
  std::array<std::array<float, 8>, kParts> weights{};
};

struct Place {
  int64_t x, y;  // of the first tap
  const float *across, *down;
};

template <int C>
void sample(const Source& source, const Place& place, int64_t taps, float fill, uint8_t* out) {
  std::array<float, C> sums{};
  for (int64_t j = 0; j < taps; ++j) {
    const int64_t y = place.y + j;
    for (int64_t i = 0; i < taps; ++i) {
      const int64_t x = place.x + i;
      const float weight = place.down[j] * place.across[i];
      const bool inside = x >= 0 && y >= 0 && x < source.width && y < source.height;
      const uint8_t* pixel = source.pixels + (inside ? y * source.stride + x * C : 0);
      for (int c = 0; c < C; ++c) sums[static_cast<size_t>(c)] += weight * (inside ? pixel[c] : fill);
    }
  }
  for (int c = 0; c < C; ++c) out[c] = to_byte(sums[static_cast<size_t>(c)]);
}

// The common case: four pixels, all inside.
template <int C>
void sample_inside(const Source& source, const Place& place, uint8_t* out) {
  const uint8_t* near = source.pixels + place.y * source.stride + place.x * C;
  const uint8_t* far = near + source.stride;
  for (int c = 0; c < C; ++c) {
    const float top = near[c] * place.across[0] + near[C + c] * place.across[1];
    const float bottom = far[c] * place.across[0] + far[C + c] * place.across[1];
    out[c] = static_cast<uint8_t>(top * place.down[0] + bottom * place.down[1] + 0.5f);
  }
}

template <int C>
void warp_channels(const Source& source, const Warp& warp, uint8_t* out) {
  const Between between(warp.method);
  const bool nearest = warp.method == Method::nearest;
  const int64_t first = between.taps / 2 - 1;
  const double limit = 1e9;  // places farther away are outside as well, and fit into whole numbers
  for (int64_t y = 0; y < warp.height; ++y) {
    const double at_x = warp.m[1] * static_cast<double>(y) + warp.m[2];
    const double at_y = warp.m[4] * static_cast<double>(y) + warp.m[5];
    for (int64_t x = 0; x < warp.width; ++x, out += C) {
      const double place_x = std::clamp(warp.m[0] * static_cast<double>(x) + at_x, -limit, limit);
      const double place_y = std::clamp(warp.m[3] * static_cast<double>(x) + at_y, -limit, limit);
      if (nearest) {
        const int64_t sx = std::llrint(place_x), sy = std::llrint(place_y);
        const bool inside = sx >= 0 && sy >= 0 && sx < source.width && sy < source.height;
        for (int c = 0; c < C; ++c) out[c] = inside ? source.pixels[sy * source.stride + sx * C + c] : warp.fill;
        continue;
      }
      const int64_t sx = std::llrint(place_x * kParts), sy = std::llrint(place_y * kParts);
      const Place place{(sx >> 5) - first, (sy >> 5) - first, between.weights[static_cast<size_t>(sx & 31)].data(),
                        between.weights[static_cast<size_t>(sy & 31)].data()};
      const bool outside = place.x + between.taps <= 0 || place.y + between.taps <= 0 || place.x >= source.width ||
                           place.y >= source.height;
      if (outside) {
        std::fill(out, out + C, warp.fill);
      } else if (between.taps == 2 && place.x >= 0 && place.y >= 0 && place.x + 1 < source.width &&
                 place.y + 1 < source.height) {
        sample_inside<C>(source, place, out);
      } else {
        sample<C>(source, place, between.taps, warp.fill, out);
      }
    }
  }
}

}  // namespace

void warp(const Source& source, const Warp& warp, uint8_t* out) {
  check(source, warp.height, warp.width);
  for (const double value : warp.m) {
    if (!std::isfinite(value)) throw std::invalid_argument("[warp] the matrix must consist of finite numbers");
  }
  switch (source.channels) {
    case 1: return warp_channels<1>(source, warp, out);
    case 3: return warp_channels<3>(source, warp, out);
    default: return warp_channels<4>(source, warp, out);
  }
}

}  // namespace paratrain::io
