#include "record_writer.h"

#include <algorithm>

#include "errors.h"

namespace paratrain::io {

namespace {

constexpr size_t kBuffer = size_t{1} << 18;
constexpr int64_t kBeginSync = int64_t{1} << 24;  // bytes of batches after which the disk begins with them

}  // namespace

RecordWriter::RecordWriter(const std::string& path, bool append)
    : file_(path, append ? File::Mode::append : File::Mode::write), at_(append ? file_.size() : 0), begun_(at_) {
  buffer_.reserve(kBuffer);
}

void RecordWriter::check() const {
  if (failed_) {
    throw FileError("cannot write " + file_.path() + " further: an earlier record is incomplete", EIO, file_.path());
  }
}

void RecordWriter::write(const char* data, int64_t size) {
  check();
  if (size > kMaxPiece) {
    throw std::invalid_argument("[RecordIO] a record holds at most " + std::to_string(kMaxPiece) + " bytes; got " +
                                std::to_string(size) + " for " + file_.path());
  }
  for_each_piece(data, size, [this](Part part, const char* piece, int64_t n) { put_piece(part, piece, n); });
}

void RecordWriter::append(const RecordBatch& batch) {
  check();
  const int64_t size = static_cast<int64_t>(batch.bytes().size());
  put(batch.bytes().data(), size);
  at_ += size;
  if (at_ - begun_ >= kBeginSync) {
    file_.begin_sync(begun_, at_ - begun_);
    begun_ = at_;
  }
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

void RecordWriter::sync() {
  flush();
  file_.sync();
}

void RecordWriter::close() {
  if (!failed_) flush();
  file_.close();
}

}  // namespace paratrain::io
