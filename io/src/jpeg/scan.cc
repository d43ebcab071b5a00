#include "scan.h"

#include <algorithm>
#include <cstring>

namespace paratrain::io::jpeg {

namespace {

constexpr int kRestart0 = 0xd0, kEndOfImage = 0xd9;

bool is_restart(int marker) { return (marker & 0xf8) == kRestart0; }

}  // namespace

void Scan::open(const uint8_t* file, int64_t size, int64_t begin, bool restarts) {
  file_ = file;
  begin_ = begin;
  const size_t room = static_cast<size_t>(size - begin) + kMargin;
  if (bytes_.size() < room) bytes_.resize(room);
  ends_.clear();
  uint8_t* out = bytes_.data();
  const uint8_t *at = file + begin, *const end = file + size;
  while (true) {
    const void* found = std::memchr(at, 0xff, static_cast<size_t>(end - at));
    if (!found) damaged("it is truncated: there is no end marker up to", size);
    const uint8_t* const mark = static_cast<const uint8_t*>(found);
    std::memcpy(out, at, static_cast<size_t>(mark - at));
    out += mark - at;
    at = mark + 1;
    while (at < end && *at == 0xff) ++at;  // fill bytes before a marker
    if (at == end) damaged("it is truncated: there is no end marker up to", size);
    const int marker = *at++;
    if (marker == 0) {
      *out++ = 0xff;
      continue;
    }
    ends_.push_back(out - bytes_.data());
    if (!is_restart(marker)) {
      if (marker != kEndOfImage)
        damaged("there is a marker ff " + std::to_string(marker) + " instead of the end", at - 2 - file);
      break;
    }
    if (!restarts || (marker & 7) != (intervals() - 1) % 8)
      damaged("there is a restart marker out of turn", at - 2 - file);
  }
  std::memset(out, 0, kMargin);
}

int64_t Scan::origin(const uint8_t* place) const {
  const int64_t wanted = std::min<int64_t>(place - bytes_.data(), ends_.back());
  int64_t at = begin_;
  for (int64_t seen = 0; seen < wanted; ++seen, ++at) {
    while (file_[at] == 0xff && file_[at + 1] != 0) at += file_[at + 1] == 0xff ? 1 : 2;
    if (file_[at] == 0xff) ++at;
  }
  return at;
}

}  // namespace paratrain::io::jpeg
