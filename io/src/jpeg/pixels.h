// A decoded part of an image as an array of pixels.
#pragma once

#include "colour.h"
#include "decoder.h"

namespace paratrain::io::jpeg {

// Writes the box's rows to `out`, (height, width, channels), with 1 channel (that of grey images) or 3.
class PixelRows : public Rows {
 public:
  PixelRows(const Box& box, int64_t channels, uint8_t* out)
      : count_(box.right - box.left), channels_(channels), out_(out) {}

  void row(int64_t, const uint8_t* red, const uint8_t* green, const uint8_t* blue) override {
    if (channels_ == 1) {
      std::memcpy(out_, red, static_cast<size_t>(count_));
    } else {
      interleave(red, green, blue, count_, out_);
    }
    out_ += count_ * channels_;
  }

 private:
  int64_t count_, channels_;
  uint8_t* out_;
};

}  // namespace paratrain::io::jpeg
