#include "record_file.h"

#include <algorithm>
#include <charconv>

#include "errors.h"

namespace paratrain::io {

namespace {

constexpr int64_t kFirstRead = 1 << 12;  // bytes read with a header, which holds small records whole

bool begins_record(Part part) { return part == Part::whole || part == Part::first; }
bool ends_record(Part part) { return part == Part::whole || part == Part::last; }

}  // namespace

RecordFile::RecordFile(const std::string& path) : file_(path, File::Mode::read), size_(file_.size()) {}

std::string RecordFile::here(int64_t offset, int64_t number) const {
  std::string text = file_.path() + ": ";
  if (number >= 0) text += "record " + std::to_string(number) + " ";
  return text + "at byte " + std::to_string(offset);
}

// Checks the header of a piece; a record's first piece is the one at the record's own place.
PieceHeader RecordFile::check(const char* bytes, int64_t have, const Place& place) const {
  const auto fail = [&](const std::string& what) {
    throw RecordError("[RecordIO] " + here(place.record, place.number) + what);
  };
  if (have < kHeaderSize) fail(" is cut off: the file ends at byte " + std::to_string(place.at + have));
  const PieceHeader header = PieceHeader::load(bytes);
  if (header.magic != kMagic) {
    fail((place.at == place.record
              ? " does not begin with the magic number 0xced7230a"
              : " goes on without the magic number 0xced7230a at byte " + std::to_string(place.at)) +
         std::string("; the file is damaged, is not a record file, or the index belongs to another file"));
  }
  if (header.part_bits() > 3 || begins_record(header.part()) != (place.at == place.record)) {
    fail(" has part " + std::to_string(header.part_bits()) + " at byte " + std::to_string(place.at) +
         ", which cannot follow there");
  }
  const int64_t end = place.at + kHeaderSize + padded(header.size());
  if (end > size_ && end > file_.size()) {  // the file may have grown
    fail(" is cut off: it ends at byte " + std::to_string(end) + ", the file has " + std::to_string(size_));
  }
  return header;
}

int64_t RecordFile::read(int64_t offset, int64_t number, std::vector<char>* out) const {
  if (offset < 0 || (offset >= size_ && offset >= file_.size())) {
    throw RecordError("[RecordIO] " + here(offset, number) + " lies outside the file, which has " +
                      std::to_string(size_) + " bytes; the index belongs to another file");
  }
  char head[kFirstRead];
  out->clear();
  for (int64_t at = offset;;) {
    const int64_t have = file_.read_at(at, head, kFirstRead);
    const PieceHeader header = check(head, have, {at, offset, number});
    const size_t old = out->size();
    const int64_t size = header.size(), near = std::min(size, have - kHeaderSize);
    out->resize(old + static_cast<size_t>(size));
    std::copy_n(head + kHeaderSize, near, out->data() + old);
    const int64_t rest = at + kHeaderSize + near;
    if (file_.read_at(rest, out->data() + old + near, size - near) < size - near) {
      throw RecordError("[RecordIO] " + here(offset, number) + " is cut off: the file has become shorter");
    }
    at += kHeaderSize + padded(size);
    if (ends_record(header.part())) return at;
    const char* magic = reinterpret_cast<const char*>(&kMagic);
    out->insert(out->end(), magic, magic + sizeof kMagic);
  }
}

void RecordFile::locate(int64_t offset, int64_t number, int64_t* payload, int64_t* size) const {
  char head[kHeaderSize];
  const PieceHeader header = check(head, file_.read_at(offset, head, kHeaderSize), {offset, offset, number});
  const int64_t end = offset + kHeaderSize + header.size();
  if (end > file_.size()) {  // one that became shorter must not be read through a mapping
    throw RecordError("[RecordIO] " + here(offset, number) + " is cut off: the file has become shorter");
  }
  *payload = offset + kHeaderSize;
  *size = header.part() == Part::whole ? header.size() : -1;
}

int64_t RecordFile::end_of(int64_t offset, int64_t number) const {
  char head[kHeaderSize];
  for (int64_t at = offset;;) {
    const PieceHeader header = check(head, file_.read_at(at, head, kHeaderSize), {at, offset, number});
    at += kHeaderSize + padded(header.size());
    if (ends_record(header.part())) return at;
  }
}

std::vector<int64_t> RecordFile::scan() const {
  std::vector<int64_t> offsets;
  std::vector<char> buffer(1 << 16);
  const int64_t room = static_cast<int64_t>(buffer.size());
  int64_t buffer_at = 0, have = 0;
  bool inside = false;  // between the pieces of a record
  for (int64_t at = 0; at < size_;) {
    if (have == 0 || at + kHeaderSize > buffer_at + have) {
      // Small records come many to a buffer; of large ones little more than the header is read.
      const bool dense = have == 0 || at < buffer_at + 2 * room;
      buffer_at = at;
      have = file_.read_at(at, buffer.data(), dense ? room : kFirstRead);
    }
    if (!inside) offsets.push_back(at);
    const Place place{at, offsets.back(), static_cast<int64_t>(offsets.size()) - 1};
    const PieceHeader header = check(buffer.data() + (at - buffer_at), buffer_at + have - at, place);
    inside = !ends_record(header.part());
    at += kHeaderSize + padded(header.size());
  }
  if (inside) {
    throw RecordError("[RecordIO] " + here(offsets.back(), static_cast<int64_t>(offsets.size()) - 1) +
                      " is cut off: the file ends before its last part");
  }
  return offsets;
}

std::vector<int64_t> read_index(const std::string& path) {
  const File file(path, File::Mode::read);
  std::string text(static_cast<size_t>(file.size()), '\0');
  text.resize(static_cast<size_t>(file.read_at(0, text.data(), static_cast<int64_t>(text.size()))));
  std::vector<int64_t> offsets;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int64_t line = 1; at < end; ++line) {
    const char* const stop = std::find(at, end, '\n');
    const char* const last = stop > at && stop[-1] == '\r' ? stop - 1 : stop;
    const char* const tab = std::find(at, last, '\t');
    int64_t offset = -1;
    const bool number = tab != last && std::from_chars(tab + 1, last, offset).ptr == last;
    if (last != at && (!number || offset < 0)) {
      throw RecordError("[RecordIO] " + path + ": line " + std::to_string(line) +
                        " must hold a key, a tab and a byte offset; got '" + std::string(at, std::min(last, at + 60)) +
                        "'");
    }
    if (last != at) offsets.push_back(offset);
    at = stop == end ? end : stop + 1;
  }
  return offsets;
}

}  // namespace paratrain::io
