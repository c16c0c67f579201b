#include "backlot/engine/committer.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace backlot {

CommitResult commit_now(CommitTarget& target, const CommitBatch& batch) {
  CommitResult result;
  try {
    if (batch.logs) target.sync_logs();
    if (!batch.blobs.empty()) target.store.sync_names(batch.blobs);
    target.catalog.commit(batch.commit);
    result.requests = target.catalog.requests(batch.commit.lease.run);
  } catch (const Error& e) { result.error = e; }
  return result;
}

namespace {

class ThreadCommitter : public Committer {
 public:
  ThreadCommitter(std::function<std::unique_ptr<CommitTarget>()> open, std::function<void(std::function<void()>)> post)
      : open_(std::move(open)), post_(std::move(post)), thread_([this] { work(); }) {}

  ~ThreadCommitter() override {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void submit(CommitBatch&& batch, std::function<void(CommitResult)> done) override {
    {
      std::lock_guard lock(mutex_);
      jobs_.push_back({std::move(batch), std::move(done)});
    }
    wake_.notify_one();
  }

 private:
  struct Job {
    CommitBatch batch;
    std::function<void(CommitResult)> done;
  };

  void work() {
    std::unique_ptr<CommitTarget> target;
    while (auto job = next()) {
      CommitResult result;
      try {
        if (!target) target = open_();
        result = commit_now(*target, job->batch);
      } catch (const Error& e) { result.error = e; }
      post_([done = std::move(job->done), result = std::move(result)]() mutable { done(std::move(result)); });
    }
  }

  std::optional<Job> next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (jobs_.empty()) return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  std::function<std::unique_ptr<CommitTarget>()> open_;
  std::function<void(std::function<void()>)> post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Committer> make_thread_committer(std::function<std::unique_ptr<CommitTarget>()> open,
                                                 std::function<void(std::function<void()>)> post) {
  return std::make_unique<ThreadCommitter>(std::move(open), std::move(post));
}

}  // namespace backlot
