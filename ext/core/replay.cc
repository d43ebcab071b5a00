#include "core/replay.h"

namespace paratrain {

void RecordedMarks::add(void* recorder, int mark) {
  calls_.push_back(std::make_unique<Call>(Call{this, mark, true}));
  if (calls_.size() > 1) calls_[calls_.size() - 2]->last = false;
  registry(DeviceType::gpu).stream.after(recorder, reached, calls_.back().get());
}

void RecordedMarks::reached(void* data) {
  const Call& call = *static_cast<Call*>(data);
  RecordedMarks& all = *call.owner;
  uint64_t round;
  {
    std::lock_guard<std::mutex> hold(all.marks_->lock);
    round = all.rounds_.front();
    if (call.last) all.rounds_.pop_front();
  }
  all.marks_->reach(call.mark, round);
}

void RecordedMarks::replay_begins(void* stream) {
  if (calls_.empty()) return;
  std::lock_guard<std::mutex> hold(marks_->lock);
  rounds_.push_back(marks_->round);
  marks_->stream = stream;
}

void RecordedMarks::replay_failed() {
  if (calls_.empty()) return;
  std::lock_guard<std::mutex> hold(marks_->lock);
  rounds_.pop_back();
}

}  // namespace paratrain
