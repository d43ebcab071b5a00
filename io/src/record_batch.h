// Records in memory, framed as they will stand in a file: made by any thread, appended to the file by one.
#pragma once

#include <string>
#include <vector>

#include "record_format.h"

namespace paratrain::io {

class RecordBatch {
 public:
  // Adds the record whose payload is `head` and then `body`.
  void add(const std::string& head, const char* body, int64_t size);

  // Adds a record for each file: its head, then the content of the file. Returns for each why it could not be
  // added, or nothing where it was.
  std::vector<std::string> add_files(const std::vector<std::string>& heads, const std::vector<std::string>& paths);

  const std::vector<char>& bytes() const { return bytes_; }
  const std::vector<int64_t>& offsets() const { return offsets_; }  // of the records in bytes()

 private:
  void add_file(const std::string& head, const std::string& path);
  char* begin(int64_t size);
  void finish();

  std::vector<char> bytes_;
  std::vector<int64_t> offsets_;
  int64_t at_ = 0, size_ = 0;  // the record begun: its place, the size of its payload
};

}  // namespace paratrain::io
