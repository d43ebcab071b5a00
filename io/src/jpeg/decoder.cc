#include "decoder.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "block.h"
#include "colour.h"

namespace paratrain::io::jpeg {

namespace {

int64_t divided(int64_t n, int64_t by) { return (n + by - 1) / by; }

}  // namespace

bool Decoder::open(const uint8_t* data, int64_t size) {
  data_ = data;
  size_ = size;
  return read_header(data, size, &header_);
}

// The MCUs that are needed for rows (`down`) or columns `begin` to `end` - 1: those of the samples, and of chroma's
// neighbours.
Decoder::Range Decoder::mcus(int64_t begin, int64_t end, bool down) const {
  const Plane &luma = planes_[0], &chroma = planes_[2];
  const int64_t factor = down ? luma.v : luma.h;
  Range range{begin / (8 * factor), (end - 1) / (8 * factor)};
  if (factor == 2) {
    const int64_t samples = down ? chroma.height : chroma.width;
    range.first = std::min(range.first, std::max<int64_t>(begin / 2 - 1, 0) / 8);
    range.last = std::max(range.last, std::min((end - 1) / 2 + 1, samples - 1) / 8);
  }
  return range;
}

void Decoder::set_up_units() {
  unit_count_ = 0;
  for (size_t i = 0; i < static_cast<size_t>(header_.components); ++i) {
    const Component& c = header_.component[i];
    const size_t dc = static_cast<size_t>(c.dc_table), ac = static_cast<size_t>(c.ac_table);
    dc_[dc].build(header_.dc[dc], false);
    ac_[ac].build(header_.ac[ac], true);
    const auto& table = header_.quantiser[static_cast<size_t>(c.quantiser)];
    for (int b = 0; b < c.h * c.v; ++b, ++unit_count_) {
      units_[unit_count_] = {&dc_[dc], &ac_[ac], i, b % c.h * 8, b / c.h * 8};
      PairFactors& factors = factors_[unit_count_ / 2];
      for (size_t k = 0; k < 64; ++k) factors[kPlaces[k] + unit_count_ % 2 * 8] = static_cast<int16_t>(table[k]);
    }
  }
}

void Decoder::set_up_planes() {
  const Component& largest = header_.component[0];
  for (size_t i = 0; i < 3; ++i) {
    const Component& c = header_.component[header_.components == 1 ? 0 : i];
    Plane& p = planes_[i];
    p.h = c.h;
    p.v = c.v;
    p.height = divided(header_.height * c.v, largest.v);
    p.width = divided(header_.width * c.h, largest.h);
  }
  mcu_rows_ = mcus(box_.top, box_.bottom, true);
  mcu_columns_ = mcus(box_.left, box_.right, false);
  for (size_t i = 0; i < static_cast<size_t>(header_.components); ++i) {
    Plane& p = planes_[i];
    p.left = mcu_columns_.first * 8 * p.h;
    p.columns = (mcu_columns_.last - mcu_columns_.first + 1) * 8 * p.h;
    p.capacity = 2 * 8 * p.v;
    p.stride = p.columns + 2 * kSlack;
    p.origin = kSlack;
    const size_t bytes = static_cast<size_t>(p.capacity * p.stride);
    if (p.samples.size() < bytes) p.samples.resize(bytes);
  }
  const size_t line = static_cast<size_t>(box_.right - box_.left + 2 + 2 * kSlack);
  for (auto& l : lines_) {
    if (l.size() < line) l.resize(line, 255);  // the last stays so: alpha
  }
}

void Decoder::set_up(const Box& box, int64_t channels) {
  const bool inside = box.top >= 0 && box.left >= 0 && box.top < box.bottom && box.left < box.right &&
                      box.bottom <= header_.height && box.right <= header_.width;
  if (!inside) throw std::invalid_argument("[jpeg] the part to decode must lie inside the image");
  if (channels != 1 && channels != 3 && channels != 4) {
    throw std::invalid_argument("[jpeg] an image has 1, 3 or 4 channels; got " + std::to_string(channels));
  }
  channels_ = channels;
  box_ = box;
  emitted_ = box.top;
  set_up_units();
  set_up_planes();
  scan_.open(data_, size_, header_.scan, header_.restart_interval > 0);
  interval_ = -1;
  next_interval();
}

void Decoder::ended(int64_t interval) const {
  damaged("the data end too early", scan_.origin(scan_.begin(interval) + scan_.size(interval)));
}

void Decoder::next_interval() {
  ++interval_;
  if (interval_ >= scan_.intervals()) ended(interval_ - 1);
  bits_ = Bits{scan_.begin(interval_)};
  predicted_ = {};
  left_in_interval_ = header_.restart_interval ? header_.restart_interval : INT64_MAX;
}

void Decoder::skip_mcu() {
  Bits state = bits_;
  bool good = true;
  for (size_t i = 0; i < unit_count_; ++i) {
    const Unit& u = units_[i];
    good &= skip_block(&state, *u.dc, *u.ac, &predicted_[u.component]) != Found::damaged;
  }
  bits_ = state;
  if (!good) damaged("an invalid code", scan_.origin(bits_.next - 8));
}

void Decoder::decode_mcu(int64_t row, int64_t column) {
  for (size_t i = 0; i < unit_count_; i += 2) {
    Found what[2] = {Found::flat, Found::flat};
    for (size_t j = 0; j < 2 && i + j < unit_count_; ++j) {
      const Unit& u = units_[i + j];
      what[j] = decode_block(&bits_, *u.dc, *u.ac, &predicted_[u.component], pair_.data() + 8 * j);
      if (what[j] == Found::damaged) {
        pair_.fill(0);
        damaged("an invalid code", scan_.origin(bits_.next - 8));
      }
    }
    transform(i, what[0] == Found::flat && what[1] == Found::flat, row, column);
  }
}

// The blocks of the pair to samples; the pair is zero again afterwards.
void Decoder::transform(size_t first, bool flat, int64_t row, int64_t column) {
  alignas(16) uint8_t nowhere[64];
  uint8_t* out[2] = {nowhere, nowhere};
  int64_t stride[2] = {8, 8};
  const size_t count = std::min<size_t>(unit_count_ - first, 2);
  for (size_t j = 0; j < count; ++j) {
    const Unit& u = units_[first + j];
    Plane& p = planes_[u.component];
    out[j] = p.row(row * 8 * p.v + u.y) + column * 8 * p.h - p.left + u.x;
    stride[j] = p.stride;
  }
  const PairFactors& factors = factors_[first / 2];
  if (!flat) {
    return idct_pair(pair_.data(), factors, out[0], stride[0], out[1], stride[1]);
  }
  for (size_t j = 0; j < count; ++j) {
    idct_flat(pair_[8 * j], factors[8 * j], out[j], stride[j]);
    pair_[8 * j] = 0;
  }
}

// Chroma's outermost samples stand for those beyond them.
void Decoder::repeat_edges(int64_t row) {
  for (size_t i = 1; i < static_cast<size_t>(header_.components) && planes_[0].h == 2; ++i) {
    Plane& p = planes_[i];
    for (int64_t y = row * 8; y < row * 8 + 8; ++y) {
      uint8_t* line = p.row(y);
      if (p.left == 0) line[-1] = line[0];
      if (p.left + p.columns >= p.width) line[p.width - p.left] = line[p.width - p.left - 1];
    }
  }
}

// A row of chroma with as many samples as luma has, from column `left` of the box on.
const uint8_t* Decoder::chroma(size_t component, int64_t y) {
  Plane& p = planes_[component];
  if (planes_[0].h == 1) return p.row(y) + box_.left - p.left;
  const int64_t first = box_.left / 2, count = (box_.right - 1) / 2 - first + 1;
  uint8_t* out = lines_[component - 1].data();
  if (planes_[0].v == 1) {
    widen(p.row(y) + first - 1 - p.left, count, out);
  } else {
    const int64_t near = y / 2, far = std::clamp<int64_t>(y % 2 ? near + 1 : near - 1, 0, p.height - 1);
    widen_doubled(p.row(near) + first - 1 - p.left, p.row(far) + first - 1 - p.left, count, out);
  }
  return out + box_.left % 2;
}

void Decoder::emit(int64_t end, Rows* rows) {
  const int64_t count = box_.right - box_.left;
  uint8_t *red = lines_[2].data(), *green = lines_[3].data(), *blue = lines_[4].data(), *grey = lines_[5].data();
  for (; emitted_ < end; ++emitted_) {
    const uint8_t* luma = planes_[0].row(emitted_) + box_.left - planes_[0].left;
    const uint8_t* planes[4] = {luma, luma, luma, lines_[6].data()};
    if (header_.components == 3) {
      to_rgb(luma, chroma(1, emitted_), chroma(2, emitted_), count, red, green, blue);
      planes[0] = red, planes[1] = green, planes[2] = blue;
      if (channels_ == 1) {
        to_grey(red, green, blue, count, grey);
        planes[0] = grey;
      }
    }
    rows->row(emitted_, planes);
  }
}

void Decoder::decode(const Box& box, int64_t channels, Rows* rows) {
  set_up(box, channels);
  const Plane& luma = planes_[0];
  const int64_t per_row = divided(header_.width, 8 * luma.h), height = 8 * luma.v;
  for (int64_t row = 0; row <= mcu_rows_.last; ++row) {
    const bool seen = row >= mcu_rows_.first, last = row == mcu_rows_.last;
    const int64_t end = last ? mcu_columns_.last + 1 : per_row;
    for (int64_t column = 0; column < end; ++column) {
      if (left_in_interval_ == 0) next_interval();
      --left_in_interval_;
      if (seen && column >= mcu_columns_.first && column <= mcu_columns_.last) {
        decode_mcu(row, column);
      } else {
        skip_mcu();
      }
      if (bits_.taken(scan_.begin(interval_)) > scan_.size(interval_) * 8) {
        ended(interval_);
      }
    }
    if (!seen) continue;
    repeat_edges(row);
    // the last row of an MCU with two rows of chroma samples waits for the next one
    const int64_t ready = last ? box.bottom : (row + 1) * height - (luma.v == 2);
    emit(std::clamp(ready, box.top, box.bottom), rows);
  }
}

}  // namespace paratrain::io::jpeg
