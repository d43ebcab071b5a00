// The RecordIO format (little-endian), as MXNet writes it:
//
//   magic   uint32   0xced7230a
//   word    uint32   part << 29 | size
//   payload size bytes, then zero bytes up to a multiple of 4
//
// A record in which the magic number occurs at a multiple of 4 is split there: the occurrence itself is left out
// and the pieces follow one another as parts first, middle..., last. A reader puts the magic back between them.
#pragma once

#include <cstdint>
#include <cstring>

namespace paratrain::io {

constexpr uint32_t kMagic = 0xced7230a;
constexpr int64_t kHeaderSize = 8;
constexpr int64_t kMaxPiece = (int64_t{1} << 29) - 1;  // bytes

enum class Part : uint32_t { whole = 0, first = 1, middle = 2, last = 3 };

struct PieceHeader {
  uint32_t magic;
  uint32_t word;

  static PieceHeader make(Part part, int64_t size) {
    return {kMagic, static_cast<uint32_t>(part) << 29 | static_cast<uint32_t>(size)};
  }
  static PieceHeader load(const char* bytes) {
    PieceHeader header;
    std::memcpy(&header, bytes, sizeof header);
    return header;
  }
  uint32_t part_bits() const { return word >> 29; }
  Part part() const { return static_cast<Part>(part_bits()); }
  int64_t size() const { return word & 0x1fffffff; }
};
static_assert(sizeof(PieceHeader) == kHeaderSize);

inline int64_t padding(int64_t size) { return -size & 3; }
inline int64_t padded(int64_t size) { return size + padding(size); }

}  // namespace paratrain::io
