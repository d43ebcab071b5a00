#include "record_writer.h"

#include <algorithm>

#include "errors.h"

namespace paratrain::io {

namespace {

constexpr size_t kBuffer = size_t{1} << 18;

// First offset >= from, a multiple of 4, at which the magic number occurs; `end` where it does not.
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

}  // namespace

RecordWriter::RecordWriter(const std::string& path) : file_(path, File::Mode::write) { buffer_.reserve(kBuffer); }

void RecordWriter::write(const char* data, int64_t size) {
  if (failed_) {
    throw FileError("cannot write " + file_.path() + " further: an earlier record is incomplete", EIO, file_.path());
  }
  if (size > kMaxPiece) {
    throw std::invalid_argument("[RecordIO] a record holds at most " + std::to_string(kMaxPiece) + " bytes; got " +
                                std::to_string(size) + " for " + file_.path());
  }
  const int64_t end = size & ~int64_t{3};
  int64_t begin = 0;
  for (int64_t hit = find_magic(data, 0, end); hit != end; hit = find_magic(data, begin, end)) {
    put_piece(begin == 0 ? Part::first : Part::middle, data + begin, hit - begin);
    begin = hit + 4;
  }
  put_piece(begin == 0 ? Part::whole : Part::last, data + begin, size - begin);
}

void RecordWriter::put_piece(Part part, const char* data, int64_t size) {
  const PieceHeader header = PieceHeader::make(part, size);
  put(reinterpret_cast<const char*>(&header), kHeaderSize);
  put(data, size);
  put("\0\0\0", padding(size));
  at_ += kHeaderSize + padded(size);
}

void RecordWriter::put(const char* data, int64_t size) {
  if (buffer_.size() + static_cast<size_t>(size) > kBuffer) flush();
  if (static_cast<size_t>(size) >= kBuffer) {
    send(data, size);
  } else {
    buffer_.insert(buffer_.end(), data, data + size);
  }
}

void RecordWriter::flush() {
  if (buffer_.empty()) return;
  send(buffer_.data(), static_cast<int64_t>(buffer_.size()));
  buffer_.clear();
}

void RecordWriter::send(const char* data, int64_t size) {
  try {
    file_.write(data, size);
  } catch (const FileError&) {
    failed_ = true;
    buffer_.clear();
    throw;
  }
}

void RecordWriter::close() {
  if (!failed_) flush();
  file_.close();
}

}  // namespace paratrain::io
