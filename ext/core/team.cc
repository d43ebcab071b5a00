#include "core/team.h"

#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/subnormal.h"

namespace paratrain {

namespace {

using Clock = std::chrono::steady_clock;

// How long a thread without work looks out for some: longer than what lies between two steps of training.
constexpr auto kPatience = std::chrono::microseconds(100);
constexpr int kPauses = 100;  // between two looks at the clock

thread_local bool in_loop = false;

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

uint32_t round_of(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
int64_t item_of(uint64_t word) { return static_cast<int64_t>(word & 0xffffffffu); }

std::atomic<Team*> team{nullptr};
std::atomic<pid_t> caller{0};  // the thread that started the last loop

pid_t thread_number() {
  thread_local const pid_t mine = gettid();
  return mine;
}

// Two threads of a team on one core are no help to each other, and the scheduler may leave them there for long when
// other cores are busy: then the worker takes its share of one of those.  Returns whether there is another core.
bool move_away_from(int core) {
  cpu_set_t allowed;
  if (sched_getaffinity(caller.load(std::memory_order_relaxed), sizeof(allowed), &allowed) != 0) return false;
  CPU_CLR(core, &allowed);
  return CPU_COUNT(&allowed) > 0 && sched_setaffinity(0, sizeof(allowed), &allowed) == 0;
}

// When to leave the other threads alone.  One that loses its core while it has an item holds the loop up for a time
// slice; so after such a stall loops are done by the calling thread for a while, longer if the next attempt stalls too.
// Read and written by whoever runs a loop, one at a time.
class Trust {
 public:
  bool lost() const { return alone_ && Clock::now() < until_; }
  void stalled() {
    const auto now = Clock::now();
    const bool again = alone_ && now < until_ + pause_;
    pause_ = again ? std::min(2 * pause_, kLongest) : kShortest;
    until_ = now + pause_;
    alone_ = true;
  }

 private:
  static constexpr Clock::duration kShortest = std::chrono::milliseconds(5);
  static constexpr Clock::duration kLongest = std::chrono::milliseconds(160);
  bool alone_ = false;  // whether until_ means anything
  Clock::time_point until_{};
  Clock::duration pause_ = kShortest;
};
constexpr auto kStall = std::chrono::microseconds(300);
Trust trust;

}  // namespace

Team& Team::instance() {
  static std::once_flag once;
  std::call_once(once, [] {
    team = new Team();  // never deleted: its threads may run until the process ends
    // the threads are not there in a child process, which therefore begins with a new team
    pthread_atfork(nullptr, nullptr, [] { team = new Team(); });
  });
  return *team.load();
}

// Rouse the threads; they are there some microseconds later.
void Team::call(int workers) {
  if (workers == members_.load(std::memory_order_relaxed) && sleeping_.load() == 0) return;
  std::lock_guard<std::mutex> hold(lock_);
  start(workers);
  members_ = workers;
  ++calls_;
  called_.notify_all();
}

void Team::start(int workers) {
  for (; workers_ < workers; ++workers_) {
    std::thread([this, number = workers_] { work(number); }).detach();
  }
}

void Team::run(int64_t n, Item item, const void* data) noexcept {
  const int workers = omp_get_max_threads() - 1;
  const bool alone = n <= 1 || n >= kMost || in_loop || workers == 0;
  if (alone || busy_.test_and_set(std::memory_order_acquire)) {
    for (int64_t i = 0; i < n; ++i) item(data, i);
    return;
  }
  if (trust.lost()) {
    for (int64_t i = 0; i < n; ++i) item(data, i);
    busy_.clear(std::memory_order_release);
    return;
  }
  core_.store(sched_getcpu(), std::memory_order_relaxed);
  caller.store(thread_number(), std::memory_order_relaxed);
  const uint32_t round = round_of(next_.load(std::memory_order_relaxed)) + 1;
  done_.store(0, std::memory_order_relaxed);
  // First end the old round, so that nobody takes an item with half of the new description.
  next_.store(uint64_t{round} << 32 | 0xffffffffu, std::memory_order_seq_cst);
  item_.store(item, std::memory_order_relaxed);
  data_.store(data, std::memory_order_relaxed);
  count_.store(n, std::memory_order_relaxed);
  next_.store(uint64_t{round} << 32, std::memory_order_seq_cst);
  call(workers);
  in_loop = true;
  const int64_t mine = take(round);
  in_loop = false;
  wait_for(n - mine);
  busy_.clear(std::memory_order_release);
}

int64_t Team::take(uint32_t round) {
  uint64_t word = next_.load(std::memory_order_acquire);
  const int64_t n = count_.load(std::memory_order_relaxed);
  const Item item = item_.load(std::memory_order_relaxed);
  const void* data = data_.load(std::memory_order_relaxed);
  int64_t taken = 0;
  while (round_of(word) == round && item_of(word) < n) {
    if (!next_.compare_exchange_weak(word, word + 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    item(data, item_of(word));
    ++taken;
    word = next_.load(std::memory_order_acquire);
  }
  return taken;
}

// A thread that has taken an item may have lost its core, perhaps to this one: then offer it.
void Team::wait_for(int64_t items) {
  for (int looks = 0; looks < 20 * kPauses; ++looks) {
    if (done_.load(std::memory_order_acquire) == items) return;
    pause();
  }
  const auto began = Clock::now();
  while (done_.load(std::memory_order_acquire) != items) sched_yield();
  if (Clock::now() - began > kStall) trust.stalled();
}

void Team::work(int number) {
  in_loop = true;
  flush_subnormals();
  for (uint32_t seen = 0;;) {
    if (!look_out(seen)) {
      sleep(seen);
      continue;
    }
    seen = round_of(next_.load(std::memory_order_acquire));
    if (number >= members_.load(std::memory_order_relaxed)) continue;
    const int64_t taken = take(seen);
    if (taken) done_.fetch_add(taken, std::memory_order_release);
  }
}

// Waits for another round than the one seen; false if none has come in time.
bool Team::look_out(uint32_t seen) const {
  const auto until = Clock::now() + kPatience;
  do {
    for (int i = 0; i < kPauses; ++i) {
      const uint64_t word = next_.load(std::memory_order_relaxed);
      if (round_of(word) != seen && item_of(word) != 0xffffffffu) return true;
      pause();
    }
    const int core = core_.load(std::memory_order_relaxed);
    if (sched_getcpu() == core && !move_away_from(core)) sched_yield();
  } while (Clock::now() < until);
  return false;
}

void Team::sleep(uint32_t seen) {
  std::unique_lock<std::mutex> hold(lock_);
  const uint64_t calls = calls_;
  sleeping_.fetch_add(1);
  if (round_of(next_.load()) == seen) {
    called_.wait(hold, [&] { return calls_ != calls; });
  }
  sleeping_.fetch_sub(1);
}

}  // namespace paratrain
