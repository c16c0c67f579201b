#include "backlot/server/workers.h"

namespace backlot::server {

Workers::Workers(Pool pool) : most_(static_cast<std::size_t>(pool.threads) + pool.most_waiting) {
  for (int i = 0; i < pool.threads; ++i) threads_.emplace_back([this, i] { run(i); });
}

Workers::~Workers() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    jobs_.clear();
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Workers::add(std::function<void(int)> job) {
  {
    std::lock_guard lock(mutex_);
    if (jobs_.size() + busy_ >= most_) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Workers::run(int worker) {
  for (;;) {
    std::function<void(int)> job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return ending_ || !jobs_.empty(); });
      if (ending_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      ++busy_;
    }
    job(worker);
    job = nullptr;
    std::lock_guard lock(mutex_);
    --busy_;
  }
}

}  // namespace backlot::server
