// From a decoded image to its place in a batch, in one pass: resize, crop, mirror, normalise, channels first.
#pragma once

#include <cstdint>

namespace paratrain::io {

struct Source {
  const uint8_t* pixels;  // (height, width, channels), rows `stride` bytes apart
  int64_t height, width, channels, stride;
};

// The whole image is resized to (resized_height, resized_width); of that the window of the output's size at
// (top, left) is kept, and mirrored left to right if asked for.
struct Window {
  int64_t resized_height, resized_width;
  int64_t top, left;
  int64_t height, width;
  bool mirror;
};

// out = pixel * factor[channel] + shift[channel]
struct Affine {
  float factor[4], shift[4];
};

// Resizing is bilinear between pixel centres with weights of 11 bits, and gives whole pixel values, as OpenCV's does.
// `out` is (C, H, W). Signed bytes are rounded and limited to -128 ... 127; unsigned bytes are the pixels themselves.
void produce(const Source& source, const Window& window, const Affine& affine, float* out);
void produce(const Source& source, const Window& window, const Affine& affine, int8_t* out);
void produce(const Source& source, const Window& window, uint8_t* out);

}  // namespace paratrain::io
