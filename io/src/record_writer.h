// Writes records one after another.
#pragma once

#include <string>
#include <vector>

#include "file.h"
#include "record_batch.h"
#include "record_format.h"

namespace paratrain::io {

class RecordWriter {
 public:
  // Begins an empty file, or goes on at the end of one.
  explicit RecordWriter(const std::string& path, bool append = false);

  void write(const char* data, int64_t size);
  int64_t tell() const { return at_; }  // where the next record will begin
  void append(const RecordBatch& batch);
  void flush();
  void sync();   // flushes, and waits until the disk has it
  void close();  // flushes; a writer that failed before is closed without another error

 private:
  void check() const;
  void put_piece(Part part, const char* data, int64_t size);
  void put(const char* data, int64_t size);
  void send(const char* data, int64_t size);

  File file_;
  std::vector<char> buffer_;
  int64_t at_ = 0;
  int64_t begun_ = 0;  // up to where the disk was told to begin
  bool failed_ = false;
};

}  // namespace paratrain::io
