// Decoder of baseline JPEG files: grey, or colour in the samplings 4:4:4, 4:2:2 and 4:2:0. Every sample is the one that
// libjpeg-turbo gives by default. docs/design/0008-jpeg.md tells how it is fast.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "../box.h"
#include "header.h"
#include "huffman.h"
#include "idct.h"
#include "scan.h"

namespace paratrain::io::jpeg {

// Takes the rows of a box, from the top, each once: a pointer for each channel. At least 32 bytes behind a row may be
// read.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual void row(int64_t y, const uint8_t* const* planes) = 0;
};

// Keeps its memory from one image to the next; each thread has one.
class Decoder {
 public:
  // Reads what stands before the pixels. False where the file is for another decoder (see read_header). The data must
  // stay while they are decoded.
  bool open(const uint8_t* data, int64_t size);

  int64_t height() const { return header_.height; }
  int64_t width() const { return header_.width; }

  // Decodes a part of the image, which must lie inside of it, to 1 channel (grey, converted as Pillow does), 3 (RGB) or
  // 4 (and an opaque alpha). Raises RecordError where the data are damaged as far as they are needed, or cut off
  // anywhere.
  void decode(const Box& box, int64_t channels, Rows* rows);

 private:
  // A component's samples: two rows of MCUs, used in turn.
  struct Plane {
    uint8_t* row(int64_t y) { return samples.data() + origin + (y & (capacity - 1)) * stride; }

    int h, v;
    int64_t height, width;  // samples of the whole image
    int64_t left;           // column of the first sample that is kept
    int64_t columns, stride, capacity, origin;
    std::vector<uint8_t> samples;
  };
  // A block of an MCU.
  struct Unit {
    const Huffman *dc, *ac;
    size_t component;
    int64_t x, y;  // place in the MCU's samples
  };
  struct Range {
    int64_t first, last;
  };

  void set_up(const Box& box, int64_t channels);
  void set_up_units();
  void set_up_planes();
  Range mcus(int64_t begin, int64_t end, bool down) const;
  void skip_mcu();
  void decode_mcu(int64_t row, int64_t column);
  void transform(size_t first, bool flat, int64_t row, int64_t column);
  void next_interval();
  [[noreturn]] void ended(int64_t interval) const;
  void repeat_edges(int64_t row);
  void emit(int64_t end, Rows* rows);
  const uint8_t* chroma(size_t component, int64_t y);

  const uint8_t* data_ = nullptr;
  int64_t size_ = 0;
  Header header_;
  Scan scan_;
  std::array<Huffman, 4> dc_, ac_;
  std::array<Plane, 3> planes_;
  std::array<Unit, 6> units_;
  size_t unit_count_ = 0;
  std::array<PairFactors, 3> factors_{};
  alignas(64) std::array<int16_t, kPair> pair_{};
  std::array<std::vector<uint8_t>, 7> lines_;  // widened chroma, the three colours, grey, alpha

  Box box_{};
  int64_t channels_ = 3;
  Range mcu_rows_{}, mcu_columns_{};
  int64_t interval_ = 0, left_in_interval_ = 0, emitted_ = 0;
  Bits bits_{};
  std::array<uint32_t, 3> predicted_{};  // DC coefficients
};

}  // namespace paratrain::io::jpeg
