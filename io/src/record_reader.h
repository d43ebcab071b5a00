// Reads the records of a file one after another, at about the speed of reading the file.
//
// A record is read in two steps, so that its payload can go straight to where it is wanted:
//
//   while ((size = reader.begin()) >= 0) { out = room_for(size); reader.finish(out); }
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "file.h"
#include "record_format.h"

namespace paratrain::io {

constexpr int64_t kPage = 4096;

// Memory that begins at a page.
class Pages {
 public:
  explicit Pages(size_t size) : size_(size), data_(static_cast<char*>(std::aligned_alloc(kPage, size))) {
    if (!data_) throw std::bad_alloc();
  }
  char* data() { return data_.get(); }
  const char* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };
  size_t size_;
  std::unique_ptr<char, Free> data_;
};

class RecordReader {
 public:
  explicit RecordReader(const std::string& path);

  int64_t begin();         // size of the next record's payload in bytes; -1 at the end of the file
  void finish(char* out);  // the payload of the record begun

  // The next record's payload, where all of it lies in the buffer already and is in one piece; otherwise nullptr, and
  // `begin` has to look. `pass` goes behind it.
  const char* peek(int64_t* size) const;
  void pass(int64_t size);

  void seek(int64_t offset);  // to the beginning of a record
  int64_t tell() const { return buffer_at_ + static_cast<int64_t>(begin_); }

  const std::string& path() const { return file_.path(); }

 private:
  PieceHeader next_header();
  void read_piece(char* out, int64_t size);
  int64_t assemble(PieceHeader header);
  bool fill(int64_t wanted);
  void load();
  int64_t take(char* out, int64_t size);
  int64_t available() const { return static_cast<int64_t>(end_ - begin_); }
  std::string here() const;

  File file_;
  Pages buffer_;
  size_t begin_ = 0, end_ = 0;  // the part of buffer_ not yet used
  int64_t buffer_at_ = 0;       // place of buffer_[0] in the file
  int64_t size_;                // of the file, when last asked

  int64_t record_at_ = 0;      // where the current record begins
  int64_t record_number_ = 0;  // from 0; -1 after a seek, when it is not known
  int64_t payload_ = 0;        // size of the record begun, if in one piece
  std::vector<char> whole_;    // the record begun, if it was in several pieces
  bool assembled_ = false;
};

}  // namespace paratrain::io
