#include "core/marks.h"

#include <chrono>

namespace paratrain {

void Marks::reset() {
  std::lock_guard<std::mutex> hold(lock);
  ++round;
  reached = 0;
  failed = false;
  stream = nullptr;
}

void Marks::reach(int mark, uint64_t of_round) {
  {
    std::lock_guard<std::mutex> hold(lock);
    if (of_round != round) return;
    reached = mark;
  }
  changed.notify_all();
}

void Marks::fail() {
  {
    std::lock_guard<std::mutex> hold(lock);
    failed = true;
  }
  changed.notify_all();
}

bool Marks::wait(int wanted) {
  std::unique_lock<std::mutex> hold(lock);
  const auto done = [&] { return reached >= wanted || failed; };
  // Nothing comes any more from a stream whose work has failed, so that is looked at now and then.
  while (!changed.wait_for(hold, std::chrono::milliseconds(200), done)) {
    void* from = stream;
    if (!from) continue;
    hold.unlock();
    registry(DeviceType::gpu).stream.check(from);
    hold.lock();
  }
  return reached >= wanted;
}

void reach_after(const std::shared_ptr<Marks>& marks, void* stream, int mark) {
  struct Call {
    std::shared_ptr<Marks> marks;
    int mark;
    uint64_t round;
  };
  auto call = std::make_unique<Call>();
  {
    std::lock_guard<std::mutex> hold(marks->lock);
    marks->stream = stream;
    *call = {marks, mark, marks->round};
  }
  registry(DeviceType::gpu)
      .stream.after(
          stream,
          [](void* data) {
            const std::unique_ptr<Call> c(static_cast<Call*>(data));
            c->marks->reach(c->mark, c->round);
          },
          call.get());
  call.release();
}

}  // namespace paratrain
