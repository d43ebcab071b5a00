// From a decoded image to its place in a batch, in one pass: resize, crop, mirror, normalise, channels first.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "box.h"

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

enum class Element { float32, float16, int8, uint8 };

// A place in a batch: (channels, height, width) elements. Signed bytes are rounded and limited to -128 ... 127;
// unsigned bytes are the pixels themselves.
struct Target {
  void* data;
  Element element;
  Affine affine;
};

// Takes the rows of an image as they are decoded. Resizing is bilinear between pixel centres with weights of 11 bits,
// and gives whole pixel values, as OpenCV's does. Keeps its tables and memory from one image to the next; each thread
// has one.
class Producer {
 public:
  // Prepares for an image of that size.
  void begin(int64_t height, int64_t width, int64_t channels, const Window& window, const Target& target);

  const Box& needed() const { return box_; }  // the part of the image that is looked at

  // Takes row `y`; all rows of needed() must come in their order. `planes` has a pointer for each channel, to the
  // column needed().left; kBehind bytes behind the row's end may be read.
  void row(int64_t y, const uint8_t* const* planes);

  static constexpr int64_t kBehind = 32;

 private:
  // One output coordinate as a blend of two source coordinates: near * (2048 - weight) + far * weight.
  struct Blend {
    int64_t near, far;
    int32_t weight;
  };
  // For eight columns: two loads of 16 bytes, from which the pairs of pixels of four columns each are shuffled.
  struct Eight {
    alignas(32) uint8_t shuffle[32];
    alignas(32) int16_t weights[16];
    int32_t offset[2];
  };
  struct Key {
    int64_t height, width, resized_height, resized_width, top, left, rows, columns;
    bool mirror;
    bool operator==(const Key& o) const {
      return height == o.height && width == o.width && resized_height == o.resized_height &&
             resized_width == o.resized_width && top == o.top && left == o.left && rows == o.rows &&
             columns == o.columns && mirror == o.mirror;
    }
  };

  static Blend blend(int64_t at, int64_t resized, int64_t size);
  void make_tables();
  void make_eights();
  void blend_columns(const uint8_t* const* planes, int32_t* out) const;
  const int32_t* blended(int64_t y, const uint8_t* const* planes);
  void put(const Blend& rows, const uint8_t* const* planes);
  template <class Convert, class T>
  void put_as(const Blend& rows, const uint8_t* const* planes, T* out, int64_t plane) const;

  Key key_{};           // what the tables are for
  bool ready_ = false;  // whether they are
  Box box_{};
  int64_t channels_ = 0;
  int64_t next_ = 0;    // row of the output to come
  bool plain_ = false;  // pixels are not blended
  Target target_{};
  std::vector<Blend> rows_, columns_;
  std::vector<Eight> eights_;  // empty where pixels lie too far apart
  int64_t stride_ = 0;         // blended columns of a channel, with those that fill up an eight
  // The two source rows that were blended last, and their numbers.
  std::array<std::vector<int32_t>, 2> blended_;
  std::array<int64_t, 2> blended_row_{};
  std::vector<float> floats_;  // a row of all channels, before it becomes halves
};

// The same for an image that is decoded already.
void produce(const Source& source, const Window& window, const Target& target);

}  // namespace paratrain::io
