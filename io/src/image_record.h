// A record that holds an image: read, taken apart, decoded and placed in a batch.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "jpeg/decoder.h"
#include "produce.h"
#include "record_file.h"

namespace paratrain::io {

// Keeps its memory from one record to the next; each thread has one.
class ImageRecord {
 public:
  // Reads a record whose image is to have `channels`, and what stands before its pixels. False where it has to be read
  // the slow way: its header is damaged, or its image is for another decoder.
  bool load(const RecordFile& file, int64_t offset, int64_t number, int64_t channels) {
    file.read(offset, number, &bytes_);
    channels_ = channels;
    const int64_t size = static_cast<int64_t>(bytes_.size());
    if (size < kFixed) return false;
    std::memcpy(&head_, bytes_.data(), sizeof head_);
    const int64_t begin = kFixed + 4 * int64_t{head_.flag};
    if (size <= begin) return false;
    const uint8_t* image = reinterpret_cast<const uint8_t*>(bytes_.data()) + begin;
    return decoder_.open(image, size - begin);
  }

  // Of a record that was loaded:
  const std::vector<char>& bytes() const { return bytes_; }
  int64_t labels() const { return head_.flag ? int64_t{head_.flag} : 1; }
  const char* label() const { return bytes_.data() + (head_.flag ? kFixed : 4); }  // float32, maybe unaligned
  uint64_t id() const { return head_.id; }
  int64_t height() const { return decoder_.height(); }
  int64_t width() const { return decoder_.width(); }

  // Decodes as much of the image as the window needs into its place in a batch.
  void place(const Window& window, const Target& target) {
    producer_.begin(height(), width(), channels_, window, target);
    Rows rows(&producer_);
    decoder_.decode(producer_.needed(), channels_, &rows);
  }

 private:
  struct Head {
    uint32_t flag;
    float label;
    uint64_t id, id2;
  };
  static constexpr int64_t kFixed = sizeof(Head);

  class Rows : public jpeg::Rows {
   public:
    explicit Rows(Producer* producer) : producer_(producer) {}
    void row(int64_t y, const uint8_t* const* planes) override { producer_->row(y, planes); }

   private:
    Producer* producer_;
  };

  std::vector<char> bytes_;
  Head head_{};
  int64_t channels_ = 0;
  jpeg::Decoder decoder_;
  Producer producer_;
};

}  // namespace paratrain::io
