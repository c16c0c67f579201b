#include "backlot/engine/commit_queue.h"

#include <algorithm>
#include <utility>

namespace backlot {
namespace {

// Since the last batch: long enough for many to gather, short enough that nobody sees it.
constexpr std::chrono::nanoseconds gather_time = std::chrono::milliseconds(10);

}  // namespace

CommitQueue::CommitQueue(World world, Lease lease, Events events)
    : world_(world), lease_(lease), events_(std::move(events)) {}

CommitQueue::~CommitQueue() { world_.timers.cancel(flusher_); }

void CommitQueue::flush_soon() {
  if (in_flight_ || flush_asked_ || closed_) return;
  flush_asked_ = true;
  flusher_ = world_.timers.after(std::chrono::nanoseconds(0), [this] { gather_or_flush(); });
}

void CommitQueue::gather_or_flush() {
  auto left = last_flush_ + gather_time - world_.clock.monotonic();
  if (left.count() <= 0 || !events_.can_gather()) return flush();
  is_gathering_ = true;
  flusher_ = world_.timers.after(left, [this] { flush(); });
}

void CommitQueue::look_again() {
  if (!is_gathering_ || events_.can_gather()) return;
  world_.timers.cancel(flusher_);
  flush();
}

void CommitQueue::flush() {
  flush_asked_ = is_gathering_ = false;
  if (in_flight_ || closed_) return;
  CommitBatch batch{std::exchange(next_, {}), std::exchange(blobs_, {})};
  batch.commit.lease = lease_;
  batch.commit.now = world_.clock.now();
  last_flush_ = world_.clock.monotonic();
  std::sort(batch.blobs.begin(), batch.blobs.end());
  batch.blobs.erase(std::unique(batch.blobs.begin(), batch.blobs.end()), batch.blobs.end());
  try {
    world_.log.flush();
    if (!batch.commit.attempts.empty()) batch.logs = world_.log.take_grown();
  } catch (const Error& e) {
    finished_.clear();
    return events_.committed({e.in("log"), {}}, {});
  }
  committing_ = std::exchange(finished_, {});
  in_flight_ = true;
  world_.committer.submit(std::move(batch), [this](CommitResult result) {
    in_flight_ = false;
    events_.committed(std::move(result), std::exchange(committing_, {}));
  });
}

}  // namespace backlot
