// Threads for loops that last microseconds, which need not show up.
//
// A loop is cut into items that any thread takes, one after the other.  The thread that started the loop takes items
// too and never waits for a thread that has not taken one: where another process has the core, the loop is done by
// whoever is there.  (A loop of OpenMP is dealt out beforehand and ends when the last thread has come: beside a busy
// process that is a time slice of the scheduler, milliseconds.)  Threads that have nothing to do look out for the next
// loop for a short time, leaving the core to the thread that starts loops where both have the same, then sleep.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace paratrain {

class Team {
 public:
  // The team of this process; its threads are started by the first loop.
  static Team& instance();

  // Calls item(i) for i in [0, n), each once, by any thread in any order; returns when all are done.  As many threads
  // take part as OpenMP would use for the caller.  A loop within a loop, and one that is started while another thread
  // runs one, is done by the calling thread alone.  Items must not throw.
  template <class F>
  void each(int64_t n, const F& item) noexcept {
    run(n, [](const void* f, int64_t i) { (*static_cast<const F*>(f))(i); }, &item);
  }

 private:
  using Item = void (*)(const void*, int64_t);
  // Loops have at most this many items, so that round and number of an item fit one word.
  static constexpr int64_t kMost = int64_t{1} << 31;

  void run(int64_t n, Item item, const void* data) noexcept;
  void call(int workers);
  // Takes items of the loop of this round until there are none; returns how many.
  int64_t take(uint32_t round);
  void wait_for(int64_t items);
  void start(int workers);
  void work(int number);
  bool look_out(uint32_t seen) const;
  void sleep(uint32_t seen);

  // Upper half: the round, which counts loops; lower half: the next item.  An item is taken by compare-and-swap, which
  // succeeds only while its round lasts, so a late thread never takes one of a loop that it has not read.
  alignas(64) std::atomic<uint64_t> next_{0};
  std::atomic<int64_t> count_{0};
  std::atomic<Item> item_{nullptr};
  std::atomic<const void*> data_{nullptr};
  std::atomic<int> members_{0};  // workers that may take part
  std::atomic<int> core_{-1};    // where the thread runs that started the loop
  alignas(64) std::atomic<int64_t> done_{0};
  alignas(64) std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
  std::atomic<int> sleeping_{0};
  std::mutex lock_;
  std::condition_variable called_;
  int workers_ = 0;
  uint64_t calls_ = 0;  // of call(), under the lock
};

}  // namespace paratrain
