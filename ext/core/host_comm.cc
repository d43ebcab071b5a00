#include "core/host_comm.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstring>
#include <string>
#include <type_traits>

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <sched.h>
#include <time.h>

namespace paratrain {
namespace {

// A large array is added up in chunks.  The slots of all ranks stay in the caches, so that each rank reads and writes
// its own memory once; smaller chunks would have the ranks wait for each other more often.
constexpr int64_t kSlotBytes = 512 << 10;
// Up to this many bytes each rank adds everything up itself, which saves a phase.
constexpr int64_t kSmallBytes = 32 << 10;
constexpr int kSlots = 3;
constexpr int64_t kLine = 64;
constexpr double kLook = 0.02;  // seconds between two questions to Patience

enum Kind : uint64_t { kBarrier = 1, kAllreduce = 2, kAllgather = 3, kShare = 4, kMapped = 5 };

// What a rank does, in one word: kind, type, amount.
uint64_t word(Kind kind, DType type, int64_t amount) {
  return static_cast<uint64_t>(kind) << 60 | static_cast<uint64_t>(type) << 54 |
         (static_cast<uint64_t>(amount) & ((uint64_t{1} << 54) - 1));
}

std::string text(uint64_t what) {
  const std::string amount = std::to_string(what & ((uint64_t{1} << 54) - 1));
  const DType type = static_cast<DType>(what >> 54 & 63);
  switch (what >> 60) {
    case kBarrier: return "is at a barrier";
    case kAllreduce: return "adds up " + amount + " elements of " + name_of(type);
    case kAllgather: return "gathers " + amount + " bytes";
    case kShare: return "shares " + amount + " bytes";
    case kMapped: return "adds up " + amount + " shared elements of " + name_of(type);
    default: return "does something unknown";
  }
}

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void sleep_on(std::atomic<uint32_t>& word, uint32_t seen) {
  const timespec limit{0, static_cast<long>(kLook * 1e9)};
#ifdef __linux__
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAIT, seen, &limit, nullptr, 0);
#else
  (void)word, (void)seen;
  const timespec shorter{0, 50000};
  nanosleep(&shorter, nullptr), (void)limit;
#endif
}

void wake(std::atomic<uint32_t>& word) {
#ifdef __linux__
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
#else
  (void)word;
#endif
}

// The slots of all ranks together shrink with their number, so that they stay in the caches.  Four ranks on two cores
// took 12 ms for 16 MB with slots of 64 KB, 17 ms with 256 KB and 49 ms with 1 MB.
int64_t chunk_bytes(int64_t ranks) {
  return std::min(kSlotBytes, std::max<int64_t>(64 << 10, 4 * kSlotBytes / (ranks * ranks) / kLine * kLine));
}

// Part `place` of `count` of the elements [0, n), at multiples of a cache line.
int64_t edge(int64_t n, int64_t item, int place, int count) {
  const int64_t line = kLine / item;
  return place == count ? n : n * place / count / line * line;
}

template <class T>
void sum_typed(const std::vector<const void*>& in, void* out, const std::vector<void*>& copies, int64_t n) {
  constexpr int64_t kBlock = 2048;
  using A = Compute<T>;
  using S = typename std::conditional_t<std::is_integral_v<A>, std::make_unsigned<A>, std::common_type<A>>::type;
  A total[kBlock];
  T rounded[kBlock];
  for (int64_t start = 0; start < n; start += kBlock) {
    const int64_t count = std::min(kBlock, n - start);
    const T* first = static_cast<const T*>(in[0]) + start;
    const T* second = static_cast<const T*>(in[1]) + start;
    // unsigned: integers wrap around, as they do in MPI
    for (int64_t i = 0; i < count; ++i) total[i] = static_cast<A>(S(A(first[i])) + S(A(second[i])));
    for (size_t r = 2; r < in.size(); ++r) {
      const T* next = static_cast<const T*>(in[r]) + start;
      for (int64_t i = 0; i < count; ++i) total[i] = static_cast<A>(S(total[i]) + S(A(next[i])));
    }
    const T* result;
    if constexpr (std::is_same_v<T, A>) {
      result = total;
    } else {
      for (int64_t i = 0; i < count; ++i) rounded[i] = static_cast<T>(total[i]);
      result = rounded;
    }
    std::memcpy(static_cast<T*>(out) + start, result, count * sizeof(T));
    for (void* copy : copies) std::memcpy(static_cast<T*>(copy) + start, result, count * sizeof(T));
  }
}

void* at(void* data, int64_t elements, DType type) { return static_cast<char*>(data) + elements * size_of(type); }

}  // namespace

void sum_arrays(const std::vector<const void*>& in, void* out, const std::vector<void*>& copies, int64_t n,
                DType type) {
  if (in.size() == 1) {
    std::memmove(out, in[0], n * size_of(type));
    for (void* copy : copies) std::memmove(copy, in[0], n * size_of(type));
    return;
  }
  switch (type) {
    case DType::float32: return sum_typed<float>(in, out, copies, n);
    case DType::float64: return sum_typed<double>(in, out, copies, n);
    case DType::float16: return sum_typed<Half>(in, out, copies, n);
    case DType::bfloat16: return sum_typed<BFloat16>(in, out, copies, n);
    case DType::int8: return sum_typed<int8_t>(in, out, copies, n);
    case DType::uint8: return sum_typed<uint8_t>(in, out, copies, n);
    case DType::int32: return sum_typed<int32_t>(in, out, copies, n);
    case DType::int64: return sum_typed<int64_t>(in, out, copies, n);
    case DType::bool_: break;
  }
  throw std::invalid_argument(std::string("[allreduce] the elements must be numbers; got dtype ") + name_of(type));
}

struct alignas(kLine) HostComm::Control {
  std::atomic<uint32_t> posted;    // the last phase that the rank has ended
  std::atomic<uint32_t> sleepers;  // ranks that sleep until it ends another
  std::atomic<uint64_t> doing[2];  // what it does, by parity of the phase
};

size_t HostComm::segment_bytes() { return 4096 + kSlots * kSlotBytes; }

HostComm::HostComm(std::vector<void*> segments, int rank, int spin)
    : segments_(std::move(segments)), rank_(rank), size_(static_cast<int>(segments_.size())), spin_(spin) {
  if (rank < 0 || rank >= size_) throw std::invalid_argument("[host comm] the rank must be below the number of ranks");
}

HostComm::Control& HostComm::control(int rank) const { return *static_cast<Control*>(segments_[rank]); }

char* HostComm::slot(int rank, uint32_t phase) const {
  return static_cast<char*>(segments_[rank]) + 4096 + phase % kSlots * kSlotBytes;
}

void HostComm::meet(uint64_t what, const Patience& patience) {
  Control& mine = control(rank_);
  const uint32_t phase = ++phase_;
  mine.doing[phase & 1].store(what, std::memory_order_relaxed);
  mine.posted.store(phase);  // sequentially consistent, as the sleepers' own steps are: one of both sees the other
  if (mine.sleepers.load()) wake(mine.posted);
  for (int step = 1; step < size_; ++step) {
    const int other = (rank_ + step) % size_;
    wait_for(other, phase, patience);
    check(other, phase, what);
  }
}

void HostComm::wait_for(int rank, uint32_t phase, const Patience& patience) const {
  Control& other = control(rank);
  const auto there = [&](uint32_t posted) { return static_cast<int32_t>(posted - phase) >= 0; };
  for (int i = 0; i < spin_; ++i) {
    if (there(other.posted.load(std::memory_order_acquire))) return;
    relax();
  }
  const auto began = std::chrono::steady_clock::now();
  double looked = 0;
  while (true) {
    other.sleepers.fetch_add(1);
    const uint32_t seen = other.posted.load();
    if (!there(seen)) sleep_on(other.posted, seen);
    other.sleepers.fetch_sub(1);
    if (there(other.posted.load(std::memory_order_acquire))) return;
    const double waited = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (waited - looked < kLook) continue;
    looked = waited;
    if (patience.look(patience.self, waited)) throw ForeignError();
  }
}

void HostComm::check(int rank, uint32_t phase, uint64_t what) const {
  const uint64_t theirs = control(rank).doing[phase & 1].load(std::memory_order_relaxed);
  if (theirs == what) return;
  throw std::invalid_argument("[kvstore] rank " + std::to_string(rank_) + " " + text(what) + ", but rank " +
                              std::to_string(rank) + " " + text(theirs) +
                              "; every rank must make the same calls in the same order");
}

void HostComm::barrier(const Patience& patience) { meet(word(kBarrier, DType::float32, 0), patience); }

void HostComm::allreduce(void* data, int64_t n, DType type, const Patience& patience) {
  const uint64_t what = word(kAllreduce, type, n);
  if (n * size_of(type) <= kSmallBytes)
    allreduce_small(data, n, type, what, patience);
  else
    allreduce_large(data, n, type, what, patience);
}

void HostComm::allreduce_small(void* data, int64_t n, DType type, uint64_t what, const Patience& patience) {
  const uint32_t phase = phase_ + 1;
  std::memcpy(slot(rank_, phase), data, n * size_of(type));
  meet(what, patience);
  std::vector<const void*> in(size_);
  for (int r = 0; r < size_; ++r) in[r] = slot(r, phase);
  in[rank_] = data;
  sum_arrays(in, data, {}, n, type);
}

// Chunk k goes through three steps, with a phase between them: copied to the slot (other ranks' parts of it), added up
// (this rank's part), copied from the slots (other ranks' parts).  In one phase three chunks are at different steps.
void HostComm::allreduce_large(void* data, int64_t n, DType type, uint64_t what, const Patience& patience) {
  const int64_t item = size_of(type), most = chunk_bytes(size_) / item;
  const int64_t chunks = (n + most - 1) / most;
  const uint32_t first = phase_ + 1;  // chunk k is posted by phase first + k
  std::vector<const void*> in(size_);
  const auto length = [&](int64_t k) { return std::min(most, n - k * most); };
  const auto part = [&](int64_t k, int r) { return edge(length(k), item, r, size_) * item; };  // in bytes
  const auto base = [&](int64_t k) { return static_cast<char*>(data) + k * most * item; };
  for (int64_t step = 0; step <= chunks + 1; ++step) {
    if (step >= 2) {
      const int64_t k = step - 2;
      for (int i = 1; i < size_; ++i) {
        const int r = (rank_ + i) % size_;
        const int64_t begin = part(k, r);
        std::memcpy(base(k) + begin, slot(r, first + k) + begin, part(k, r + 1) - begin);
      }
    }
    if (step >= 1 && step <= chunks) {
      const int64_t k = step - 1, begin = part(k, rank_), count = (part(k, rank_ + 1) - begin) / item;
      for (int r = 0; r < size_; ++r) in[r] = slot(r, first + k) + begin;
      in[rank_] = base(k) + begin;
      sum_arrays(in, base(k) + begin, {slot(rank_, first + k) + begin}, count, type);
    }
    if (step < chunks) {
      const int64_t begin = part(step, rank_), end = part(step, rank_ + 1);
      char* const mine = slot(rank_, first + step);
      std::memcpy(mine, base(step), begin);
      std::memcpy(mine + end, base(step) + end, length(step) * item - end);
    }
    if (step <= chunks) meet(what, patience);
  }
}

void HostComm::allgather(const void* mine, void* everyone, int64_t nbytes, const Patience& patience) {
  const uint64_t what = word(kAllgather, DType::uint8, nbytes);
  for (int64_t start = 0; start < nbytes || start == 0; start += kSlotBytes) {
    const int64_t count = std::min(kSlotBytes, nbytes - start);
    const uint32_t phase = phase_ + 1;
    std::memcpy(slot(rank_, phase), static_cast<const char*>(mine) + start, count);
    meet(what, patience);
    for (int r = 0; r < size_; ++r)
      std::memcpy(static_cast<char*>(everyone) + r * nbytes + start, slot(r, phase), count);
  }
}

void HostComm::share(void* data, const std::vector<int64_t>& bounds, const Patience& patience) {
  int64_t most = 0;
  for (int r = 0; r < size_; ++r) most = std::max(most, bounds[r + 1] - bounds[r]);
  const uint64_t what = word(kShare, DType::uint8, bounds[size_] - bounds[0]);
  const auto move = [&](int r, int64_t start, bool out) {
    const int64_t count = std::min(kSlotBytes, bounds[r + 1] - bounds[r] - start);
    if (count <= 0) return;
    char* const place = static_cast<char*>(data) + bounds[r] + start;
    char* const shared = slot(r, phase_ + (out ? 1 : 0));
    std::memcpy(out ? shared : place, out ? place : shared, count);
  };
  for (int64_t start = 0; start < most || start == 0; start += kSlotBytes) {
    move(rank_, start, true);
    meet(what, patience);
    for (int i = 1; i < size_; ++i) move((rank_ + i) % size_, start, false);
  }
}

void HostComm::sum_mapped(const std::vector<void*>& arrays, int64_t start, int64_t stop, DType type,
                          const Patience& patience) {
  const int64_t n = stop - start, item = size_of(type);
  const int64_t begin = start + edge(n, item, rank_, size_), end = start + edge(n, item, rank_ + 1, size_);
  const uint64_t what = word(kMapped, type, n);
  meet(what, patience);  // all have written their own
  std::vector<const void*> in(size_);
  std::vector<void*> copies;
  for (int r = 0; r < size_; ++r) {
    in[r] = at(arrays[r], begin, type);
    if (r != rank_) copies.push_back(at(arrays[r], begin, type));
  }
  sum_arrays(in, at(arrays[rank_], begin, type), copies, end - begin, type);
  meet(what, patience);  // all have written the sums
}

void HostComm::scatter_mapped(const std::vector<void*>& arrays, int64_t start, int64_t stop,
                              const std::vector<int64_t>& bounds, DType type, const Patience& patience) {
  meet(word(kMapped, type, stop - start), patience);  // all have written their own
  const int64_t begin = std::max(start, bounds[rank_]), end = std::min(stop, bounds[rank_ + 1]);
  if (end <= begin) return;
  std::vector<const void*> in(size_);
  for (int r = 0; r < size_; ++r) in[r] = at(arrays[r], begin, type);
  sum_arrays(in, at(arrays[rank_], begin, type), {}, end - begin, type);
}

}  // namespace paratrain
