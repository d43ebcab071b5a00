// The entropy-coded data of a scan without stuffed bytes and markers (T.81, B.1.1.5 and F.1.2.3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../errors.h"

namespace paratrain::io::jpeg {

// The data of an image are not what the standard asks for.
[[noreturn]] inline void damaged(const std::string& what, int64_t offset) {
  throw RecordError("damaged JPEG: " + what + " at byte " + std::to_string(offset));
}

class Scan {
 public:
  // Takes the data that begin at byte `begin` of the file apart into restart intervals, up to the marker that ends
  // them. `restarts` says whether restart markers are expected.
  void open(const uint8_t* file, int64_t size, int64_t begin, bool restarts);

  int64_t intervals() const { return static_cast<int64_t>(ends_.size()); }
  const uint8_t* begin(int64_t interval) const {
    return bytes_.data() + (interval ? ends_[static_cast<size_t>(interval - 1)] : 0);
  }
  int64_t size(int64_t interval) const {
    return bytes_.data() + ends_[static_cast<size_t>(interval)] - begin(interval);
  }

  // Byte of the file that belongs to a place in the data; for messages.
  int64_t origin(const uint8_t* place) const;

 private:
  static constexpr size_t kMargin = 4096;  // zeros behind the data: more than the longest MCU takes

  std::vector<uint8_t> bytes_;
  std::vector<int64_t> ends_;  // of the intervals
  const uint8_t* file_ = nullptr;
  int64_t begin_ = 0;
};

}  // namespace paratrain::io::jpeg
