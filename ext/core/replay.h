// Ranges of a Program's steps that are recorded once and queued again as a whole.
#pragma once
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/marks.h"

namespace paratrain {

// The marks inside a recording.  The calls that reach them are part of it, so they are told here which round each of
// the replays that are under way belongs to; one stream runs them in order.
class RecordedMarks {
 public:
  explicit RecordedMarks(std::shared_ptr<Marks> marks) : marks_(std::move(marks)) {}
  // Queues the call for a mark into a stream that records.
  void add(void* recorder, int mark);
  void replay_begins(void* stream);
  void replay_failed();  // to begin: its calls do not come

 private:
  struct Call {
    RecordedMarks* owner;
    int mark;
    bool last;
  };
  static void reached(void* data);

  std::shared_ptr<Marks> marks_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::deque<uint64_t> rounds_;  // guarded by the lock of the marks
};

// What is known of one range of steps.
struct Recording {
  uint64_t addresses = 0;  // the Program's, when it ran last
  int plain_runs = 0;      // with these
  bool ready = false;      // it has been recorded with these
  // The calls of a replay that may still be under way: only destroyed when the recorder has waited for it.
  std::unique_ptr<RecordedMarks> marks;
  std::unique_ptr<Recorder> recorder;
};

}  // namespace paratrain
