// Random access to the records of a file from any number of threads, and the index that leads to them.
#pragma once

#include <string>
#include <vector>

#include "file.h"
#include "record_format.h"

namespace paratrain::io {

class RecordFile {
 public:
  explicit RecordFile(const std::string& path);

  // Payload of the record at `offset`, put into `out`; `number` is for messages only (-1: not known). Returns its end
  // in the file.
  // `out` is scratch the caller keeps, so that reading many records allocates little.
  int64_t read(int64_t offset, int64_t number, std::vector<char>* out) const;

  // Where the payload of the record at `offset` lies in the file, and its size; a size of -1 where it is in several
  // pieces.
  void locate(int64_t offset, int64_t number, int64_t* payload, int64_t* size) const;

  // Where each record begins, found by walking over the headers.
  std::vector<int64_t> scan() const;

  // End of the record at `offset` in the file, padding included.
  int64_t end_of(int64_t offset, int64_t number) const;

  int64_t size() const { return size_; }
  const std::string& path() const { return file_.path(); }

 private:
  struct Place {
    int64_t at;      // of the piece in the file
    int64_t record;  // of the first piece of its record
    int64_t number;  // of the record, -1 where not known
  };
  PieceHeader check(const char* bytes, int64_t have, const Place& place) const;
  std::string here(int64_t offset, int64_t number) const;

  File file_;
  int64_t size_;
};

// Offsets of an .idx file, whose lines hold a key, a tab and a byte offset, in the order of the lines.
std::vector<int64_t> read_index(const std::string& path);

}  // namespace paratrain::io
