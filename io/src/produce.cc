#include "produce.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>

#include "half.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace paratrain::io {

namespace {

constexpr int kBits = 11;
constexpr int kOne = 1 << kBits;

// How a pixel value becomes an element of the batch.
struct ToFloat {
  ToFloat(const Affine& affine, int64_t channel) : factor(affine.factor[channel]), shift(affine.shift[channel]) {}
  float operator()(int32_t pixel) const { return static_cast<float>(pixel) * factor + shift; }
  float factor, shift;
};

struct ToByte {
  ToByte(const Affine&, int64_t) {}
  uint8_t operator()(int32_t pixel) const { return static_cast<uint8_t>(pixel); }
};

struct ToSignedByte {
  ToSignedByte(const Affine& affine, int64_t channel) : value(affine, channel) {}
  int8_t operator()(int32_t pixel) const {
    return static_cast<int8_t>(std::lrintf(std::min(std::max(-128.0f, value(pixel)), 127.0f)));
  }
  ToFloat value;
};

template <class Convert, class T>
void copy_row(const uint8_t* __restrict from, int64_t width, bool mirror, const Convert& convert, T* __restrict to) {
  if (mirror) {
    for (int64_t x = 0; x < width; ++x) to[x] = convert(from[width - 1 - x]);
  } else {
    for (int64_t x = 0; x < width; ++x) to[x] = convert(from[x]);
  }
}

// The sums are exact whole numbers, so it does not matter that columns were blended first.
template <class Convert, class T>
void blend_rows(const int32_t* __restrict near, const int32_t* __restrict far, int32_t weight, int64_t width,
                const Convert& convert, T* __restrict to) {
  for (int64_t x = 0; x < width; ++x) {
    const int32_t sum = near[x] * kOne + (far[x] - near[x]) * weight;
    to[x] = convert((sum + (1 << (2 * kBits - 1))) >> (2 * kBits));
  }
}

}  // namespace

Producer::Blend Producer::blend(int64_t at, int64_t resized, int64_t size) {
  const double scale = static_cast<double>(size) / static_cast<double>(resized);
  const double centre = (static_cast<double>(at) + 0.5) * scale - 0.5;
  const double floor = std::floor(centre);
  const int64_t near = static_cast<int64_t>(floor);
  if (near < 0) return {0, 0, 0};
  if (near >= size - 1) return {size - 1, size - 1, 0};
  const int32_t weight = static_cast<int32_t>(std::lrint((centre - floor) * kOne));
  return {near, weight ? near + 1 : near, weight};
}

void Producer::begin(int64_t height, int64_t width, int64_t channels, const Window& window, const Target& target) {
  const bool inside = window.top >= 0 && window.left >= 0 && window.top + window.height <= window.resized_height &&
                      window.left + window.width <= window.resized_width && window.height > 0 && window.width > 0;
  if (!inside) throw std::invalid_argument("[produce] the window must lie inside the resized image");
  if (channels != 1 && channels != 3 && channels != 4) {
    throw std::invalid_argument("[produce] an image has 1, 3 or 4 channels; got " + std::to_string(channels));
  }
  if (height < 1 || width < 1) throw std::invalid_argument("[produce] the image has no pixels");
  channels_ = channels;
  target_ = target;
  next_ = 0;
  blended_row_ = {-1, -1};
  const Key key{height,      width,         window.resized_height, window.resized_width, window.top,
                window.left, window.height, window.width,          window.mirror};
  if (!ready_ || !(key == key_)) {
    ready_ = false;  // if there is no memory for the tables
    key_ = key;
    make_tables();
    ready_ = true;
  }
  for (auto& b : blended_) b.resize(static_cast<size_t>(stride_ * channels));
  if (target.element == Element::float16) floats_.resize(columns_.size() * static_cast<size_t>(channels));
}

void Producer::make_tables() {
  rows_.clear();
  columns_.clear();
  for (int64_t y = 0; y < key_.rows; ++y) rows_.push_back(blend(key_.top + y, key_.resized_height, key_.height));
  int64_t first = key_.width, last = 0;
  for (int64_t x = 0; x < key_.columns; ++x) {
    const int64_t at = key_.left + (key_.mirror ? key_.columns - 1 - x : x);
    columns_.push_back(blend(at, key_.resized_width, key_.width));
    first = std::min(first, columns_.back().near);
    last = std::max(last, columns_.back().far);
  }
  for (Blend& c : columns_) {
    c.near -= first;
    c.far -= first;
  }
  box_ = {rows_.front().near, first, rows_.back().far + 1, last + 1};
  plain_ = key_.resized_height == key_.height && key_.resized_width == key_.width;
  stride_ = (key_.columns + 7) / 8 * 8;
  make_eights();
}

void Producer::make_eights() {
  eights_.clear();
#ifdef __AVX2__
  eights_.resize(static_cast<size_t>(stride_ / 8));
  for (size_t i = 0; i < eights_.size() * 2; ++i) {
    Eight& eight = eights_[i / 2];
    const size_t half = i % 2 * 4;
    const auto column = [&](size_t j) { return columns_[std::min(i * 4 + j, columns_.size() - 1)]; };
    int64_t first = column(0).near;
    for (size_t j = 1; j < 4; ++j) first = std::min(first, column(j).near);
    eight.offset[i % 2] = static_cast<int32_t>(first);
    for (size_t j = 0; j < 4; ++j) {
      const Blend c = column(j);
      if (c.far - first > 15) return eights_.clear();
      // a zero after each pixel: numbers of 16 bits
      const uint8_t bytes[4] = {static_cast<uint8_t>(c.near - first), 0x80, static_cast<uint8_t>(c.far - first), 0x80};
      std::memcpy(eight.shuffle + 4 * (half + j), bytes, 4);
      eight.weights[2 * (half + j)] = static_cast<int16_t>(kOne - c.weight);
      eight.weights[2 * (half + j) + 1] = static_cast<int16_t>(c.weight);
    }
  }
#endif
}

// out[x] = near * near_weight + far * far_weight, of a row of each channel
void Producer::blend_columns(const uint8_t* const* planes, int32_t* out) const {
#ifdef __AVX2__
  for (size_t i = 0; i < eights_.size(); ++i) {
    const Eight& e = eights_[i];
    const __m256i shuffle = _mm256_load_si256(reinterpret_cast<const __m256i*>(e.shuffle));
    const __m256i weights = _mm256_load_si256(reinterpret_cast<const __m256i*>(e.weights));
    for (int64_t c = 0; c < channels_; ++c) {
      const auto load = [&](int half) { return reinterpret_cast<const __m128i*>(planes[c] + e.offset[half]); };
      const __m256i bytes = _mm256_loadu2_m128i(load(1), load(0));
      const __m256i sums = _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, shuffle), weights);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + c * stride_ + static_cast<int64_t>(8 * i)), sums);
    }
  }
  if (!eights_.empty()) return;
#endif
  for (int64_t c = 0; c < channels_; ++c, out += stride_) {
    for (size_t x = 0; x < columns_.size(); ++x) {
      const Blend& b = columns_[x];
      out[x] = planes[c][b.near] * (kOne - b.weight) + planes[c][b.far] * b.weight;
    }
  }
}

// The blended columns of row `y` of all channels; those of the two last rows are kept.
const int32_t* Producer::blended(int64_t y, const uint8_t* const* planes) {
  for (size_t i = 0; i < 2; ++i) {
    if (blended_row_[i] == y) return blended_[i].data();
  }
  const size_t older = blended_row_[0] < blended_row_[1] ? 0 : 1;
  blended_row_[older] = y;
  blend_columns(planes, blended_[older].data());
  return blended_[older].data();
}

void Producer::row(int64_t y, const uint8_t* const* planes) {
  while (next_ < key_.rows) {
    const Blend& rows = rows_[static_cast<size_t>(next_)];
    if (y < rows.near) return;
    if (!plain_) {
      if (y == rows.near || y == rows.far) blended(y, planes);
      if (y < rows.far) return;
    }
    put(rows, planes);
    ++next_;
  }
}

// Writes the next row of the output.
void Producer::put(const Blend& rows, const uint8_t* const* planes) {
  const int64_t plane = key_.rows * key_.columns, at = next_ * key_.columns;
  switch (target_.element) {
    case Element::float32: return put_as<ToFloat>(rows, planes, static_cast<float*>(target_.data) + at, plane);
    case Element::uint8: return put_as<ToByte>(rows, planes, static_cast<uint8_t*>(target_.data) + at, plane);
    case Element::int8: return put_as<ToSignedByte>(rows, planes, static_cast<int8_t*>(target_.data) + at, plane);
    case Element::float16:
      put_as<ToFloat>(rows, planes, floats_.data(), key_.columns);
      for (int64_t c = 0; c < channels_; ++c) {
        uint16_t* to = static_cast<uint16_t*>(target_.data) + at + c * plane;
        to_half(floats_.data() + c * key_.columns, key_.columns, to);
      }
      return;
  }
}

template <class Convert, class T>
void Producer::put_as(const Blend& rows, const uint8_t* const* planes, T* out, int64_t plane) const {
  const size_t near = blended_row_[0] == rows.near ? 0 : 1, far = blended_row_[0] == rows.far ? 0 : 1;
  for (int64_t c = 0; c < channels_; ++c) {
    const Convert convert(target_.affine, c);
    T* to = out + c * plane;
    if (plain_) {
      copy_row(planes[c], key_.columns, key_.mirror, convert, to);
    } else {
      const int64_t begin = c * stride_;
      blend_rows(blended_[near].data() + begin, blended_[far].data() + begin, rows.weight, key_.columns, convert, to);
    }
  }
}

namespace {

// Hands the rows of pixels to the producer, channels apart.
template <int C>
void hand_over(const Source& source, Producer* producer) {
  const Box& box = producer->needed();
  const int64_t count = box.right - box.left, stride = count + Producer::kBehind;
  std::vector<uint8_t> planes(static_cast<size_t>(stride * C));
  const uint8_t* pointers[C];
  for (int c = 0; c < C; ++c) pointers[c] = planes.data() + c * stride;
  for (int64_t y = box.top; y < box.bottom; ++y) {
    const uint8_t* __restrict from = source.pixels + y * source.stride + box.left * C;
    uint8_t* __restrict to = planes.data();
    for (int64_t x = 0; x < count; ++x) {
      for (int c = 0; c < C; ++c) to[c * stride + x] = from[x * C + c];
    }
    producer->row(y, pointers);
  }
}

}  // namespace

void produce(const Source& source, const Window& window, const Target& target) {
  thread_local Producer producer;
  producer.begin(source.height, source.width, source.channels, window, target);
  if (source.channels == 1) return hand_over<1>(source, &producer);
  if (source.channels == 3) return hand_over<3>(source, &producer);
  hand_over<4>(source, &producer);
}

}  // namespace paratrain::io
