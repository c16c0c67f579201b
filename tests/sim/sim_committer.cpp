#include "tests/sim/sim_committer.h"

namespace backlot::sim {

void SimCommitter::submit(CommitBatch&& batch, std::function<void(CommitResult)> done) {
  time_.after(some_time(), [this, batch = std::move(batch), done = std::move(done)]() mutable {
    if (bug_ == Bug::acknowledge_early) {
      time_.after(some_time(), [this, batch] { commit_now(target_, batch); });
      time_.after(std::chrono::nanoseconds(0), [done] { done({}); });
      return;
    }
    spoil(batch.commit);
    if (bug_ == Bug::names_after_commit) {
      time_.after(some_time(), [this, names = std::move(batch.blobs)] { sync_too_late(names); });
      batch.blobs.clear();
    }
    CommitResult result = commit_now(target_, batch);
    time_.after(some_time(), [done, result]() mutable { done(std::move(result)); });
  });
}

void SimCommitter::sync_too_late(const std::vector<Digest>& names) {
  try {
    target_.store.sync_names(names);
  } catch (const Error&) {  // the power is gone: that is the point
  }
}

void SimCommitter::spoil(Commit& commit) {
  if (bug_ == Bug::ignore_fence) {
    if (auto run = target_.catalog.run(commit.lease.run)) commit.lease.fence = run->fence;
  }
  if (commit.attempts.empty() || random_() % 4 != 0) return;
  if (bug_ == Bug::reuse_number && commit.attempts.back().task > 1) {
    std::int64_t number = commit.attempts.back().task--;
    for (TaskRow& row : commit.tasks) row.number -= row.number == number;
  }
  if (bug_ == Bug::forget_attempt) commit.attempts.pop_back();
  if (bug_ == Bug::mixed_up_manifests && commit.attempts.size() > 1) {
    std::swap(commit.attempts.front().manifest, commit.attempts.back().manifest);
  }
}

}  // namespace backlot::sim
