#include "header.h"

#include <algorithm>
#include <cstring>

namespace paratrain::io::jpeg {

namespace {

enum Marker : int {
  kBaseline = 0xc0,
  kExtended = 0xc1,
  kHuffmanTables = 0xc4,
  kImageBegin = 0xd8,
  kScan = 0xda,
  kQuantisers = 0xdb,
  kRestartInterval = 0xdd,
  kApp0 = 0xe0,
  kApp1 = 0xe1,
  kApp14 = 0xee,
  kApp15 = 0xef,
  kComment = 0xfe,
};

// Bytes of one segment, or of the whole file; reading past the end gives 0 and is remembered.
class Bytes {
 public:
  Bytes(const uint8_t* at, int64_t size, bool little = false) : begin_(at), size_(size), little_(little) {}

  int64_t left() const { return size_ - at_; }
  int64_t at() const { return at_; }
  bool good() const { return good_; }
  const uint8_t* here() const { return begin_ + at_; }
  void skip(int64_t n) { go(n <= left() ? at_ + n : size_, n <= left()); }
  void seek(int64_t at) { go(std::clamp<int64_t>(at, 0, size_), at >= 0 && at <= size_); }
  int u8() {
    if (at_ >= size_) return go(size_, false), 0;
    return begin_[at_++];
  }
  int u16() {
    const int a = u8(), b = u8();
    return little_ ? b << 8 | a : a << 8 | b;
  }
  uint32_t u32() {
    const uint32_t a = static_cast<uint32_t>(u16()), b = static_cast<uint32_t>(u16());
    return little_ ? b << 16 | a : a << 16 | b;
  }
  bool begins_with(const char* text, int64_t n) const {
    return left() >= n && std::memcmp(here(), text, static_cast<size_t>(n)) == 0;
  }

 private:
  void go(int64_t at, bool good) {
    at_ = at;
    good_ = good_ && good;
  }

  const uint8_t* begin_;
  int64_t size_, at_ = 0;
  bool little_, good_ = true;
};

// Whether the EXIF data ask for the image as it is. What is not understood counts as no.
bool upright(Bytes segment) {
  segment.skip(6);  // "Exif\0\0"
  const bool little = segment.begins_with("II*\0", 4);
  if (!little && !segment.begins_with("MM\0*", 4)) return false;
  Bytes tiff(segment.here(), segment.left(), little);
  tiff.skip(4);
  tiff.seek(tiff.u32());
  const int entries = tiff.u16();
  for (int i = 0; i < entries && tiff.good(); ++i) {
    const int tag = tiff.u16(), type = tiff.u16();
    const uint32_t count = tiff.u32();
    const int value = tiff.u16();
    tiff.skip(2);
    if (tag == 0x0112) return tiff.good() && type == 3 && count == 1 && value == 1;
  }
  return tiff.good();
}

class Parser {
 public:
  Parser(const uint8_t* data, int64_t size, Header* header) : file_(data, size), header_(*header) {}

  bool run() {
    if (file_.u8() != 0xff || file_.u8() != kImageBegin) return false;
    while (true) {
      if (file_.u8() != 0xff) return false;
      int marker = file_.u8();
      while (marker == 0xff) marker = file_.u8();
      const int64_t length = file_.u16() - 2;
      if (!file_.good() || length < 0 || length > file_.left()) return false;
      Bytes segment(file_.here(), length);
      file_.skip(length);
      if (marker == kScan) {
        header_.scan = file_.at();
        return scan(segment) && ycc() && !(exif_ && xmp_);
      }
      if (!one(marker, segment)) return false;
    }
  }

 private:
  bool one(int marker, Bytes segment) {
    switch (marker) {
      case kBaseline:
      case kExtended: return frame(segment);
      case kQuantisers: return quantisers(segment);
      case kHuffmanTables: return tables(segment);
      case kRestartInterval: header_.restart_interval = segment.u16(); return segment.good();
      case kApp0: jfif_ = jfif_ || segment.begins_with("JFIF\0", 5); return true;
      case kApp1: return app1(segment);
      case kApp14:
        if (segment.begins_with("Adobe", 5) && segment.left() >= 12) {
          adobe_ = true;
          transform_ = segment.here()[11];
        }
        return true;
      default: return (marker > kApp0 && marker <= kApp15) || marker == kComment;
    }
  }

  bool app1(const Bytes& segment) {
    // Where EXIF data do not tell the orientation, XMP data may.
    if (segment.begins_with("http://ns.adobe.com/xap/", 24)) xmp_ = true;
    if (!segment.begins_with("Exif\0", 5)) return true;
    exif_ = true;
    return upright(segment);
  }

  bool frame(Bytes segment) {
    if (header_.components || segment.u8() != 8) return false;
    header_.height = segment.u16();
    header_.width = segment.u16();
    header_.components = segment.u8();
    if (header_.components != 1 && header_.components != 3) return false;
    for (int i = 0; i < header_.components; ++i) {
      Component& c = header_.component[static_cast<size_t>(i)];
      c.id = segment.u8();
      const int sampling = segment.u8();
      c.h = sampling >> 4;
      c.v = sampling & 15;
      c.quantiser = segment.u8();
      if (c.quantiser > 3 || c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4) return false;
    }
    const bool sized = header_.height && header_.width && header_.height * header_.width <= kMaxPixels;
    return segment.good() && segment.left() == 0 && sized && sampled();
  }

  // Grey images have blocks in the order of reading whatever the factors; of colours, 4:4:4, 4:2:2 and 4:2:0 are read.
  bool sampled() {
    Component* c = header_.component.data();
    if (header_.components == 1) {
      c->h = c->v = 1;
      return true;
    }
    const bool plain = c[1].h == 1 && c[1].v == 1 && c[2].h == 1 && c[2].v == 1;
    return plain && c[0].h <= 2 && c[0].v <= c[0].h && (c[0].h == 1 || header_.width > 4);
  }

  bool quantisers(Bytes segment) {
    while (segment.left() > 0) {
      const int which = segment.u8();
      if (which > 3) return false;  // 16 bits, or no such table
      for (uint16_t& q : header_.quantiser[static_cast<size_t>(which)]) q = static_cast<uint16_t>(segment.u8());
      header_.quantiser_defined[static_cast<size_t>(which)] = true;
    }
    return segment.good();
  }

  bool tables(Bytes segment) {
    while (segment.left() > 0) {
      const int which = segment.u8();
      if ((which & 0xef) > 3) return false;
      HuffmanSpec& spec = (which & 0x10 ? header_.ac : header_.dc)[static_cast<size_t>(which & 3)];
      spec = HuffmanSpec{};
      spec.defined = true;
      int total = 0, free = 1;  // codes of the present length that are still to be had
      for (uint8_t& count : spec.counts) {
        count = static_cast<uint8_t>(segment.u8());
        total += count;
        free = free * 2 - count;
        if (free < 0 || total > 256) return false;
      }
      for (int i = 0; i < total; ++i) {
        const int symbol = segment.u8();
        if (!(which & 0x10) && symbol > 15) return false;
        spec.symbols[static_cast<size_t>(i)] = static_cast<uint8_t>(symbol);
      }
    }
    return segment.good();
  }

  // One scan of all components.
  bool scan(Bytes segment) {
    if (!header_.components || segment.u8() != header_.components) return false;
    for (int i = 0; i < header_.components; ++i) {
      Component& c = header_.component[static_cast<size_t>(i)];
      if (segment.u8() != c.id) return false;
      const int tables = segment.u8();
      c.dc_table = tables >> 4;
      c.ac_table = tables & 15;
      if (c.dc_table > 3 || c.ac_table > 3) return false;
      if (!header_.dc[static_cast<size_t>(c.dc_table)].defined || !header_.ac[static_cast<size_t>(c.ac_table)].defined)
        return false;
      if (!header_.quantiser_defined[static_cast<size_t>(c.quantiser)]) return false;
    }
    return segment.u8() == 0 && segment.u8() == 63 && segment.u8() == 0 && segment.good() && segment.left() == 0;
  }

  // JFIF says it, else Adobe's marker, else the components' names.
  bool ycc() const {
    if (header_.components == 1 || jfif_) return true;
    if (adobe_) return transform_ == 1;
    const auto& c = header_.component;
    return c[0].id == 1 && c[1].id == 2 && c[2].id == 3;
  }

  Bytes file_;
  Header& header_;
  bool jfif_ = false, adobe_ = false, exif_ = false, xmp_ = false;
  int transform_ = 0;
};

}  // namespace

bool read_header(const uint8_t* data, int64_t size, Header* header) {
  *header = Header{};
  return Parser(data, size, header).run();
}

}  // namespace paratrain::io::jpeg
