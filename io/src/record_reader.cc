#include "record_reader.h"

#include <algorithm>

#include "copy.h"
#include "errors.h"

namespace paratrain::io {

namespace {

// Records are read many at once into a buffer that stays in the cache, and copied from there; of a large one the rest
// goes directly to its place. The system copies more than twice as fast where both sides begin at a page, so the buffer
// does, and is filled from the beginning of a page of the file: together with the second copy that is faster than
// reading directly.
constexpr size_t kBuffer = size_t{1} << 18;
constexpr int64_t kLarge = int64_t{1} << 18;

}  // namespace

RecordReader::RecordReader(const std::string& path)
    : file_(path, File::Mode::read), buffer_(kBuffer), size_(file_.size()) {}

void RecordReader::seek(int64_t offset) {
  if (offset < 0) throw std::invalid_argument("[RecordIO] cannot seek to byte " + std::to_string(offset));
  const int64_t inside = offset - buffer_at_;
  if (inside >= 0 && inside <= static_cast<int64_t>(end_)) {
    begin_ = static_cast<size_t>(inside);
  } else {
    begin_ = end_ = 0;
    buffer_at_ = offset;
  }
  record_number_ = offset == 0 ? 0 : -1;
}

// Makes `wanted` bytes available, or as many as the file has; false where it has none.
bool RecordReader::fill(int64_t wanted) {
  if (available() < wanted) load();
  return available() > 0;
}

// Fills the buffer from the page of the file in which tell() lies.
void RecordReader::load() {
  const int64_t at = tell(), page = at / kPage * kPage;
  const int64_t got = file_.read_at(page, buffer_.data(), static_cast<int64_t>(buffer_.size()));
  buffer_at_ = page;
  end_ = static_cast<size_t>(std::max(got, at - page));  // nothing behind the end of the file
  begin_ = static_cast<size_t>(at - page);
}

std::string RecordReader::here() const {
  std::string text = file_.path() + ": ";
  if (record_number_ >= 0) text += "record " + std::to_string(record_number_) + " ";
  return text + "at byte " + std::to_string(record_at_);
}

PieceHeader RecordReader::next_header() {
  fill(kHeaderSize);
  const int64_t at = tell();
  if (available() < kHeaderSize) {
    throw RecordError("[RecordIO] " + here() + " is cut off: its header needs 8 bytes, the file ends after " +
                      std::to_string(available()));
  }
  const PieceHeader header = PieceHeader::load(buffer_.data() + begin_);
  if (header.magic != kMagic) {
    throw RecordError("[RecordIO] " + here() + " does not begin with the magic number 0xced7230a (byte " +
                      std::to_string(at) + "); the file is damaged or is not a record file");
  }
  const int64_t end = at + kHeaderSize + padded(header.size());
  if (end > size_) size_ = file_.size();  // the file may have grown
  if (end > size_) {
    throw RecordError("[RecordIO] " + here() + " is cut off: it ends at byte " + std::to_string(end) +
                      ", the file has " + std::to_string(size_));
  }
  begin_ += kHeaderSize;
  return header;
}

int64_t RecordReader::begin() {
  if (!fill(1)) return -1;
  record_at_ = tell();
  const PieceHeader header = next_header();
  assembled_ = false;
  if (header.part() == Part::whole) return payload_ = header.size();
  return payload_ = assemble(header);
}

int64_t RecordReader::assemble(PieceHeader header) {
  if (header.part_bits() != static_cast<uint32_t>(Part::first)) {
    throw RecordError("[RecordIO] " + here() + " begins with part " + std::to_string(header.part_bits()) +
                      "; a record begins with part 0 or 1");
  }
  whole_.clear();
  while (true) {
    const size_t old = whole_.size();
    whole_.resize(old + static_cast<size_t>(header.size()));
    read_piece(whole_.data() + old, header.size());
    if (header.part() == Part::last) break;
    const char* magic = reinterpret_cast<const char*>(&kMagic);
    whole_.insert(whole_.end(), magic, magic + sizeof kMagic);
    header = next_header();
    if (header.part() != Part::middle && header.part() != Part::last) {
      throw RecordError("[RecordIO] " + here() + " continues with part " + std::to_string(header.part_bits()) +
                        "; part 2 or 3 is expected after part 1 or 2");
    }
  }
  assembled_ = true;
  return static_cast<int64_t>(whole_.size());
}

const char* RecordReader::peek(int64_t* size) const {
  if (available() < kHeaderSize) return nullptr;
  const PieceHeader header = PieceHeader::load(buffer_.data() + begin_);
  *size = header.size();
  const bool whole = header.magic == kMagic && header.part_bits() == static_cast<uint32_t>(Part::whole);
  return whole && available() >= kHeaderSize + padded(*size) ? buffer_.data() + begin_ + kHeaderSize : nullptr;
}

void RecordReader::pass(int64_t size) {
  begin_ += static_cast<size_t>(kHeaderSize + padded(size));
  if (record_number_ >= 0) ++record_number_;
}

void RecordReader::finish(char* out) {
  if (assembled_) {
    std::copy(whole_.begin(), whole_.end(), out);
  } else {
    read_piece(out, payload_);
  }
  if (record_number_ >= 0) ++record_number_;
}

// Reads the payload of a piece and passes over its padding.
void RecordReader::read_piece(char* out, int64_t size) {
  int64_t have = take(out, size);
  if (have < size && size - have < kLarge) {
    load();
    have += take(out + have, size - have);
  }
  if (have < size) {
    const int64_t got = file_.read_at(tell(), out + have, size - have);
    buffer_at_ = tell() + got;
    begin_ = end_ = 0;
    have += got;
  }
  if (have < size) throw RecordError("[RecordIO] " + here() + " is cut off at byte " + std::to_string(tell()));
  const int64_t pad = padding(size);
  if (available() < pad) fill(pad);
  if (available() < pad) throw RecordError("[RecordIO] " + here() + " is cut off in its padding");
  begin_ += static_cast<size_t>(pad);
}

// Takes up to `size` bytes that are available.
int64_t RecordReader::take(char* out, int64_t size) {
  const int64_t have = std::min(size, available());
  copy(buffer_.data() + begin_, have, out);
  begin_ += static_cast<size_t>(have);
  return have;
}

}  // namespace paratrain::io
