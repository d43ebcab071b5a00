#include "record_batch.h"

#include <algorithm>

#include "errors.h"
#include "file.h"

namespace paratrain::io {

// Makes room for a record in one piece, and returns where its payload goes.
char* RecordBatch::begin(int64_t size) {
  if (size > kMaxPiece) {
    throw std::invalid_argument("a record holds at most " + std::to_string(kMaxPiece) + " bytes; this one has " +
                                std::to_string(size));
  }
  at_ = static_cast<int64_t>(bytes_.size());
  size_ = size;
  bytes_.resize(static_cast<size_t>(at_ + kHeaderSize + padded(size)));
  std::fill_n(bytes_.end() - padding(size), padding(size), '\0');
  return bytes_.data() + at_ + kHeaderSize;
}

// Puts the headers: one, or where the magic number occurs in the payload one for each piece.
void RecordBatch::finish() {
  offsets_.push_back(at_);
  const char* payload = bytes_.data() + at_ + kHeaderSize;
  if (find_magic(payload, 0, size_ & ~int64_t{3}) == (size_ & ~int64_t{3})) {
    const PieceHeader header = PieceHeader::make(Part::whole, size_);
    std::memcpy(bytes_.data() + at_, &header, sizeof header);
    return;
  }
  const std::vector<char> whole(payload, payload + size_);
  bytes_.resize(static_cast<size_t>(at_));
  for_each_piece(whole.data(), size_, [this](Part part, const char* data, int64_t size) {
    const PieceHeader header = PieceHeader::make(part, size);
    const char* bytes = reinterpret_cast<const char*>(&header);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof header);
    bytes_.insert(bytes_.end(), data, data + size);
    bytes_.insert(bytes_.end(), static_cast<size_t>(padding(size)), '\0');
  });
}

void RecordBatch::add(const std::string& head, const char* body, int64_t size) {
  char* to = begin(static_cast<int64_t>(head.size()) + size);
  std::copy_n(body, size, std::copy(head.begin(), head.end(), to));
  finish();
}

void RecordBatch::add_file(const std::string& head, const std::string& path) {
  const File file(path, File::Mode::read);
  const int64_t size = file.size();
  if (size == 0) throw RecordError("the file is empty");
  char* to = begin(static_cast<int64_t>(head.size()) + size);
  if (file.read_at(0, std::copy(head.begin(), head.end(), to), size) < size) {
    throw RecordError("the file became shorter while it was read");
  }
  finish();
}

void RecordBatch::clear() {
  bytes_.clear();
  offsets_.clear();
}

std::vector<std::string> RecordBatch::add_files(const std::vector<std::string>& heads,
                                                const std::vector<std::string>& paths) {
  std::vector<std::string> reasons(paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    const size_t before = bytes_.size();
    try {
      add_file(heads.at(i), paths[i]);
      continue;
    } catch (const FileError& err) {
      reasons[i] = std::strerror(err.code);
    } catch (const RecordError& err) {
      reasons[i] = err.what();
    } catch (const std::invalid_argument& err) {
      reasons[i] = err.what();
    }
    bytes_.resize(before);
  }
  return reasons;
}

}  // namespace paratrain::io
