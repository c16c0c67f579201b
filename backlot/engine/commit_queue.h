// What is to be committed next, and when: one batch is in flight, the next one gathers. A commit costs the same for one
// task as for a hundred, so while every worker has something to do, finished tasks gather for a moment.
#pragma once
#include <chrono>
#include <functional>
#include <vector>

#include "backlot/base/clock.h"
#include "backlot/base/timers.h"
#include "backlot/engine/committer.h"
#include "backlot/engine/task_log.h"
#include "backlot/engine/task_under_way.h"

namespace backlot {

class CommitQueue {
 public:
  /// What it works with; all outlive it.
  struct World {
    Committer& committer;
    Timers& timers;
    Clock& clock;
    TaskLog& log;
  };
  struct Events {
    /// Asked when a batch could go: true while nobody waits for it.
    std::function<bool()> can_gather;
    /// A batch was committed, or was not: then nothing of it is in the catalog. With the attempts that waited for it.
    std::function<void(CommitResult, std::vector<FinishedAttempt>)> committed;
  };
  CommitQueue(World world, Lease lease, Events events);
  ~CommitQueue();
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  /// The next batch: rows are added here, and go with one of the flushes below.
  Commit& next() { return next_; }
  /// What manifests of the next batch name.
  void need(const std::vector<Digest>& blobs) { blobs_.insert(blobs_.end(), blobs.begin(), blobs.end()); }
  /// Kept until the next batch is committed.
  void finished(FinishedAttempt attempt) { finished_.push_back(std::move(attempt)); }

  /// As soon as the scheduler has done what it is doing, nothing is in flight, and the batch need not gather.
  void flush_soon();
  /// Now, unless a batch is in flight: then what is added goes when somebody flushes again.
  void flush();
  /// A batch that gathers goes now, where there is no reason any more for it to wait.
  void look_again();
  /// Nothing is committed any more.
  void close() { closed_ = true; }

  bool is_in_flight() const { return in_flight_; }
  bool has_rows() const { return !next_.tasks.empty() || !next_.attempts.empty(); }
  /// Attempts that succeeded wait for a batch which has not gone yet.
  bool has_finished() const { return !finished_.empty(); }
  /// Attempts that are not known to be durable.
  std::size_t uncommitted() const { return next_.attempts.size() + committing_.size(); }

 private:
  void gather_or_flush();

  World world_;
  const Lease lease_;
  Events events_;
  Commit next_;
  std::vector<Digest> blobs_;
  std::vector<FinishedAttempt> finished_, committing_;
  bool in_flight_ = false, flush_asked_ = false, is_gathering_ = false, closed_ = false;
  std::chrono::nanoseconds last_flush_{0};
  TimerId flusher_ = 0;
};

}  // namespace backlot
