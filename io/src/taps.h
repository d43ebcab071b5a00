// Which source pixels an output pixel is made of, along one axis, and with which weights.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "resample.h"

namespace paratrain::io {

// Weights for a place `t` in [0, 1) between the two middle taps: 2 of bilinear, 4 of cubic, 8 of Lanczos.
inline void between(Method method, double t, float* weights) {
  if (method == Method::cubic) {
    constexpr double kSlope = -0.75;  // OpenCV's
    for (int k = 0; k < 4; ++k) {
      const double d = std::abs(t - (k - 1));
      weights[k] = static_cast<float>(d <= 1 ? ((kSlope + 2) * d - (kSlope + 3)) * d * d + 1
                                             : ((kSlope * d - 5 * kSlope) * d + 8 * kSlope) * d - 4 * kSlope);
    }
  } else if (method == Method::lanczos) {
    double raw[8], sum = 0;
    for (int k = 0; k < 8; ++k) {
      const double d = (t - (k - 3)) * 3.14159265358979323846;
      raw[k] = std::abs(d) < 1e-9 ? 1.0 : 4 * std::sin(d) * std::sin(d / 4) / (d * d);
      sum += raw[k];
    }
    for (int k = 0; k < 8; ++k) weights[k] = static_cast<float>(raw[k] / sum);
  } else {
    weights[0] = static_cast<float>(1 - t);
    weights[1] = static_cast<float>(t);
  }
}

// All outputs of an axis have the same number of taps, those that are not needed have the weight 0. Taps beyond the
// edge repeat the pixel at the edge.
class Taps {
 public:
  // `means`: area takes means of what an output covers, which it does only where both axes shrink, as OpenCV's.
  Taps(int64_t source, int64_t size_, Method method, bool means) : size(size_), source_(source) {
    const double scale = static_cast<double>(source) / static_cast<double>(size);
    if (method == Method::nearest) {
      reserve(1);
      for (int64_t at = 0; at < size; ++at) set(at, 0, static_cast<int64_t>(std::floor(at * scale)), 1.0f);
    } else if (method == Method::area && means) {
      shrink(scale);
    } else {
      smooth(scale, method);
    }
  }

  const int32_t* places(int64_t at) const { return places_.data() + at * count; }
  const float* weights(int64_t at) const { return weights_.data() + at * count; }

  const int64_t size;
  int64_t count = 0;

 private:
  void reserve(int64_t taps) {
    count = taps;
    places_.assign(static_cast<size_t>(size * taps), 0);
    weights_.assign(static_cast<size_t>(size * taps), 0.0f);
  }

  void set(int64_t at, int64_t tap, int64_t place, float weight) {
    const size_t i = static_cast<size_t>(at * count + tap);
    places_[i] = static_cast<int32_t>(std::clamp<int64_t>(place, 0, source_ - 1));
    weights_[i] = weight;
  }

  // Each output is the mean of the part of the source that it covers.
  void shrink(double scale) {
    reserve(static_cast<int64_t>(std::ceil(scale)) + 1);
    for (int64_t at = 0; at < size; ++at) {
      const double begin = at * scale, end = std::min((at + 1) * scale, static_cast<double>(source_));
      const int64_t first = static_cast<int64_t>(std::floor(begin + 1e-9));
      for (int64_t tap = 0; tap < count; ++tap) {
        const double low = std::max(begin, static_cast<double>(first + tap));
        const double high = std::min(end, static_cast<double>(first + tap + 1));
        set(at, tap, first + tap, high > low ? static_cast<float>((high - low) / (end - begin)) : 0.0f);
      }
    }
  }

  void smooth(double scale, Method method) {
    reserve(method == Method::cubic ? 4 : method == Method::lanczos ? 8 : 2);
    float weight[8];
    for (int64_t at = 0; at < size; ++at) {
      double place = (static_cast<double>(at) + 0.5) * scale - 0.5;
      double floor = std::floor(place);
      double part = place - floor;
      if (method == Method::area) {  // enlarging: sharp where an output lies within one pixel
        floor = std::floor(at * scale);
        part = static_cast<double>(at + 1) - (floor + 1) / scale;
        part = part <= 0 ? 0 : part - std::floor(part);
      }
      between(method, part, weight);
      const int64_t first = static_cast<int64_t>(floor) - (count / 2 - 1);
      for (int64_t tap = 0; tap < count; ++tap) set(at, tap, first + tap, weight[tap]);
    }
  }

  int64_t source_;
  std::vector<int32_t> places_;
  std::vector<float> weights_;
};

}  // namespace paratrain::io
