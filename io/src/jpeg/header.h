// What stands before the entropy-coded data of a JPEG file (ITU-T T.81, annex B).
#pragma once

#include <array>
#include <cstdint>

namespace paratrain::io::jpeg {

struct Component {
  int id = 0;
  int h = 1, v = 1;   // sampling factors
  int quantiser = 0;  // number of its table
  int dc_table = 0, ac_table = 0;
};

// The bytes of a DHT table: how many codes there are of each length, and the symbols in the order of their codes.
struct HuffmanSpec {
  bool defined = false;
  std::array<uint8_t, 16> counts{};
  std::array<uint8_t, 256> symbols{};

  bool operator==(const HuffmanSpec& other) const {
    return defined == other.defined && counts == other.counts && symbols == other.symbols;
  }
};

struct Header {
  int64_t height = 0, width = 0;
  int components = 0;  // 1: grey, 3: YCbCr
  std::array<Component, 3> component;
  std::array<std::array<uint16_t, 64>, 4> quantiser;  // in zigzag order
  std::array<bool, 4> quantiser_defined{};
  std::array<HuffmanSpec, 4> dc, ac;
  int64_t restart_interval = 0;  // MCUs; 0: none
  int64_t scan = 0;              // byte at which the entropy-coded data begin
};

// Reads up to the first scan. False where the file is one that another decoder has to read or to refuse: not a JPEG
// file, progressive, arithmetic, lossless, 12 bits, several scans, other colours or samplings, turned by EXIF data,
// more than `kMaxPixels` pixels, or damaged here.
bool read_header(const uint8_t* data, int64_t size, Header* header);

constexpr int64_t kMaxPixels = 89'478'485;  // where Pillow begins to warn of decompression bombs

}  // namespace paratrain::io::jpeg
