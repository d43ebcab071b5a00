// A decoded part of an image as an array of pixels.
#pragma once

#include <cstring>

#include "colour.h"
#include "decoder.h"

namespace paratrain::io::jpeg {

// Writes the box's rows to `out`, (height, width, channels).
class PixelRows : public Rows {
 public:
  PixelRows(const Box& box, int64_t channels, uint8_t* out)
      : count_(box.right - box.left), channels_(channels), out_(out) {}

  void row(int64_t, const uint8_t* const* planes) override {
    if (channels_ == 1) {
      std::memcpy(out_, planes[0], static_cast<size_t>(count_));
    } else if (channels_ == 3) {
      interleave(planes[0], planes[1], planes[2], count_, out_);
    } else {
      for (int64_t x = 0; x < count_; ++x) {
        for (int64_t c = 0; c < channels_; ++c) out_[x * channels_ + c] = planes[c][x];
      }
    }
    out_ += count_ * channels_;
  }

 private:
  int64_t count_, channels_;
  uint8_t* out_;
};

}  // namespace paratrain::io::jpeg
