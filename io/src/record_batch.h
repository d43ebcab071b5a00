// Records in memory, framed as they will stand in a file: made by any thread, appended to the file by one.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "record_format.h"

namespace paratrain::io {

// Leaves new elements as they are instead of setting them to zero: they are written over anyway.
template <class T>
struct Unset : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = Unset<U>;
  };
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(std::forward<Args>(args)...);
  }
};
using Bytes = std::vector<char, Unset<char>>;

class RecordBatch {
 public:
  // Adds the record whose payload is `head` and then `body`.
  void add(const std::string& head, const char* body, int64_t size);

  // Adds a record for each file: its head, then the content of the file. Returns for each why it could not be
  // added, or nothing where it was.
  std::vector<std::string> add_files(const std::vector<std::string>& heads, const std::vector<std::string>& paths);

  void clear();  // keeps its memory for the next records

  const Bytes& bytes() const { return bytes_; }
  size_t nbytes() const { return bytes_.size(); }
  const std::vector<int64_t>& offsets() const { return offsets_; }  // of the records in bytes()

 private:
  void add_file(const std::string& head, const std::string& path);
  char* begin(int64_t size);
  void finish();

  Bytes bytes_;
  std::vector<int64_t> offsets_;
  int64_t at_ = 0, size_ = 0;  // the record begun: its place, the size of its payload
};

}  // namespace paratrain::io
