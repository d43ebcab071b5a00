// What is sorted on the CPU: words, of the key of an element in the upper half and its place in the lower one, so that
// of equals the one with the smaller place comes first.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "core/dtype.h"

namespace paratrain::order {

__extension__ typedef unsigned __int128 Wide;

template <class Word>
using Key = std::conditional_t<sizeof(Word) == 16, uint64_t, uint32_t>;
template <class Word>
constexpr int kHalf = 4 * sizeof(Word);  // bits

// A number with the order of the elements: zeros are equal, NaN is larger than all others.
template <class Key, class T>
Key key_of(T x) {
  if constexpr (std::is_integral_v<T>) {
    constexpr Key kLowest = std::is_signed_v<T> ? Key{1} << (8 * sizeof(Key) - 1) : 0;
    return static_cast<Key>(x) ^ kLowest;
  } else if constexpr (sizeof(T) < 4) {
    return key_of<Key>(static_cast<float>(x));
  } else {
    using Bits = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
    constexpr Bits kSign = Bits{1} << (8 * sizeof(T) - 1);
    const Bits bits = detail::bits<Bits>(x), size = bits & ~kSign;
    const Bits key = bits > kSign ? ~bits : size | kSign;
    return size > detail::bits<Bits>(std::numeric_limits<T>::infinity()) ? ~Bits(0) : key;
  }
}

constexpr int64_t kBlock = 64;  // elements that are looked at together

template <class Key, class T>
void load_keys(const T* x, int64_t step, int64_t n, bool ascending, Key* keys) {
  const Key turn = ascending ? 0 : ~Key(0);
  for (int64_t j = 0; j < n; ++j) keys[j] = key_of<Key>(x[j * step]) ^ turn;
}

template <class Word>
int64_t place_of(Word word) {
  return static_cast<int64_t>(word & (~Word(0) >> kHalf<Word>));
}

// Words with rising places by their keys, digit by digit from the lowest one; returns where they are in the end.
template <class Word>
Word* sort_by_digits(Word* words, Word* spare, int64_t n) {
  constexpr int kBits = 8, kValues = 1 << kBits, kDigits = kHalf<Word> / kBits;
  const auto digit_of = [](Word word, int d) {
    return static_cast<int>(word >> (kHalf<Word> + d * kBits)) & (kValues - 1);
  };
  int64_t counts[kDigits][kValues] = {};
  for (int64_t j = 0; j < n; ++j) {
    for (int d = 0; d < kDigits; ++d) ++counts[d][digit_of(words[j], d)];
  }
  for (int d = 0; d < kDigits; ++d) {
    int64_t* count = counts[d];
    if (count[digit_of(words[0], d)] == n) continue;  // the same in all words
    for (int64_t v = 0, begin = 0; v < kValues; ++v) begin += std::exchange(count[v], begin);
    for (int64_t j = 0; j < n; ++j) spare[count[digit_of(words[j], d)]++] = words[j];
    std::swap(words, spare);
  }
  return words;
}

// The first k of n elements, of which blocks are added one after the other.  Where k is small, those are kept that may
// be among them: once k are known, only what comes before the last of these, which is rare in most data.
template <class Word>
class First {
 public:
  First(int64_t n, int64_t k) : all_(k > n / 8), k_(all_ ? n : k), room_(all_ ? n : 2 * k + kBlock) {
    words_.reset(new Word[static_cast<size_t>(all_ ? 2 * n : room_)]);
  }

  __attribute__((noinline)) void add(const Key<Word>* keys, int64_t place, int64_t n) {
    Key<Word> least = keys[0];
    for (int64_t j = 1; j < n; ++j) least = std::min(least, keys[j]);
    if (least > limit_ || full_) return;
    for (int64_t j = 0; j < n; ++j) {
      words_[count_] = Word(keys[j]) << kHalf<Word> | Word(place + j);
      count_ += keys[j] <= limit_;
    }
    if (!all_ && count_ + kBlock > room_) shrink();
  }

  // The first k words, in order; to be called once.
  __attribute__((noinline)) const Word* sorted() {
    constexpr int64_t kFew = 128;  // are sorted faster by comparison
    if (all_ && count_ >= kFew) return sort_by_digits(words_.get(), words_.get() + room_, count_);
    std::sort(words_.get(), words_.get() + count_);
    return words_.get();
  }

 private:
  void shrink() {
    std::nth_element(words_.get(), words_.get() + k_ - 1, words_.get() + count_);
    count_ = k_;
    const Key<Word> last = static_cast<Key<Word>>(words_[k_ - 1] >> kHalf<Word>);
    full_ = last == 0;  // nothing comes before it
    limit_ = last - 1;
  }

  bool all_;  // whether all elements are kept
  int64_t k_, room_, count_ = 0;
  std::unique_ptr<Word[]> words_;
  Key<Word> limit_ = ~Key<Word>(0);  // the largest key that may be added
  bool full_ = false;
};

}  // namespace paratrain::order
