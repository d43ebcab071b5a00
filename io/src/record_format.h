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

// First offset >= from, a multiple of 4, at which the magic number occurs; `end` where it does not.
int64_t find_magic(const char* data, int64_t from, int64_t end);

// Calls put(part, data, size) for each piece of a record.
template <class Put>
void for_each_piece(const char* data, int64_t size, const Put& put) {
  const int64_t end = size & ~int64_t{3};
  int64_t begin = 0;
  for (int64_t hit = find_magic(data, 0, end); hit != end; hit = find_magic(data, begin, end)) {
    put(begin == 0 ? Part::first : Part::middle, data + begin, hit - begin);
    begin = hit + 4;
  }
  put(begin == 0 ? Part::whole : Part::last, data + begin, size - begin);
}

}  // namespace paratrain::io
