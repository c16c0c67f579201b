// Bounded threads for one class of work.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "backlot/server/http_server.h"

namespace backlot::server {

/// Threads that answer, so that a slow answer delays no other connection.
class Workers {
 public:
  explicit Workers(Pool pool);
  ~Workers();
  /// False when too many wait already.
  bool add(std::function<void(int)> job);

 private:
  void run(int worker);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void(int)>> jobs_;
  const std::size_t most_;  ///< waiting and at work
  std::size_t busy_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace backlot::server
