// Resizing by any of OpenCV's methods, and sampling along an affine map.
#pragma once

#include <cstdint>

#include "produce.h"

namespace paratrain::io {

enum class Method : int { nearest = 0, bilinear = 1, cubic = 2, area = 3, lanczos = 4 };

// Pixels of any type: (height, width, channels), rows `stride` elements apart.
template <class T>
struct SourceOf {
  const T* pixels;
  int64_t height, width, channels, stride;
};
struct FloatSource : SourceOf<float> {};

// The whole image resized to (height, width); `out` is (height, width, channels).
void resample(const Source& source, int64_t height, int64_t width, Method method, uint8_t* out);
void resample(const FloatSource& source, int64_t height, int64_t width, Method method, float* out);

// Output pixel (x, y) comes from (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]) of the source; outside of it all
// channels have the value `fill`. The place is rounded to 32nds of a pixel, as OpenCV does. `out` is (height, width,
// channels). Area counts as bilinear.
struct Warp {
  double m[6];
  int64_t height, width;
  Method method;
  uint8_t fill;
};
void warp(const Source& source, const Warp& warp, uint8_t* out);

}  // namespace paratrain::io
