#include "record_format.h"

namespace paratrain::io {

int64_t find_magic(const char* data, int64_t from, int64_t end) {
  constexpr int64_t kBlock = 256;  // bytes searched without a branch per word
  int64_t at = from;
  for (; at + kBlock <= end; at += kBlock) {
    uint32_t hits = 0;
    for (int64_t i = 0; i < kBlock; i += 4) {
      uint32_t word;
      std::memcpy(&word, data + at + i, 4);
      hits |= word == kMagic;
    }
    if (hits) break;
  }
  for (; at + 4 <= end; at += 4) {
    uint32_t word;
    std::memcpy(&word, data + at, 4);
    if (word == kMagic) return at;
  }
  return end;
}

}  // namespace paratrain::io
