// An open file: reads and writes that are complete or raise an error naming the file.
#pragma once

#include <cstdint>
#include <string>

namespace paratrain::io {

class File {
 public:
  enum class Mode { read, write, append };

  File(const std::string& path, Mode mode);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& path() const { return path_; }
  int64_t size() const;  // bytes, asked of the system each time

  // Reads up to `n` bytes at `offset`; fewer only at the end of the file. Safe from several threads.
  int64_t read_at(int64_t offset, char* out, int64_t n) const;

  void write(const char* data, int64_t n);   // all of it, at the end of what was written
  void begin_sync(int64_t from, int64_t n);  // lets the disk begin with a part, without waiting
  void sync();                               // waits until the disk has it
  void close();                              // raises where the system reports a late write error

 private:
  std::string path_;
  int fd_;
};

}  // namespace paratrain::io
