#include "core/team.h"

#include <omp.h>
#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <thread>

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
  for (int looks = 0; done_.load(std::memory_order_acquire) != items; ++looks) {
    if (looks < 20 * kPauses) {
      pause();
    } else {
      sched_yield();
    }
  }
}

void Team::work(int number) {
  in_loop = true;
  awake_.fetch_add(1);
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
    sched_yield();
  } while (Clock::now() < until);
  return false;
}

void Team::sleep(uint32_t seen) {
  std::unique_lock<std::mutex> hold(lock_);
  const uint64_t calls = calls_;
  awake_.fetch_sub(1);
  sleeping_.fetch_add(1);
  if (round_of(next_.load()) == seen) {
    called_.wait(hold, [&] { return calls_ != calls; });
  }
  sleeping_.fetch_sub(1);
  awake_.fetch_add(1);
}

}  // namespace paratrain
