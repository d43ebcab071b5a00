// Colours of an image changed pixel by pixel, and made numbers of, in one pass over planes of bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "produce.h"

namespace paratrain::io {

// out = matrix * pixel + offset + grey * (mean brightness of the image), for red, green and blue.
struct Tint {
  float matrix[3][3];
  float offset[3];
  float grey;
};

// Tints, then a shift of hue (0 ... 180), lightness and saturation (0 ... 255), then tints again. After each of the
// three, values are limited to 0 ... 255; in the end they are whole numbers.
struct Colour {
  std::vector<Tint> before;
  bool shifted = false;
  float hue = 0, lightness = 0, saturation = 0;
  std::vector<Tint> after;  // their `grey` must be 0
};

// `planes` is (channels, pixels): red, green, blue and perhaps alpha, which stays as it is; or grey alone, which is
// treated as a colour with three equal parts.
struct Planes {
  const uint8_t* bytes;
  int64_t channels, pixels;
};

// The target's size is that of the planes.
void colour(const Planes& planes, const Colour& program, const Target& target);

}  // namespace paratrain::io
