// One thread's waiting place: descriptors, timers, signals and work handed over by other threads, on epoll.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "backlot/base/timers.h"
#include "backlot/base/unique_fd.h"

namespace backlot {

enum class Interest : std::uint8_t { read = 1, write = 2, both = 3 };

/// All of it belongs to the thread that runs it, except post() and stop(), which any thread may call. No callback is
/// called outside run_once() and run(). Callbacks must not throw: one that does ends the process. They may do anything
/// to the loop, except run it, and may remove themselves.
class EventLoop : public Timers {
 public:
  /// What a descriptor can do without waiting. A closed or failed other end shows as whatever was asked for: the next
  /// read or write then tells.
  struct Ready {
    bool read, write;
  };
  using FdCallback = std::function<void(Ready)>;

  EventLoop();
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;

  /// Calls `callback` again and again while `fd` is ready (level-triggered). Throws Error for a regular file.
  /// The descriptor stays the caller's; unwatch() it before closing it.
  void watch(int fd, Interest interest, FdCallback callback);
  void set_interest(int fd, Interest interest);
  void unwatch(int fd);

  /// Rounded up to the next millisecond. Timers fire in the order of their deadlines.
  TimerId after(std::chrono::nanoseconds delay, std::function<void()> callback) override;
  void cancel(TimerId id) override;

  /// Runs `work` on the loop's thread, in order of posting. Work posted by work runs in the next turn.
  void post(std::function<void()> work);

  /// Turns these signals of the process into calls. Call it once, before other threads start: they inherit the mask
  /// that keeps the signals away from them. The mask is restored when the loop goes.
  void on_signals(const std::vector<int>& signals, std::function<void(int)> callback);

  /// One turn: waits for something to happen, at most `limit` (without: as long as it takes), and handles it.
  void run_once(std::optional<std::chrono::nanoseconds> limit = {});
  /// Turns until stop(). A stop() that came earlier counts.
  void run();
  void stop();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Watch {
    std::uint32_t generation = 0;  ///< grows with every watch and unwatch: tells a stale event from a fresh one
    Interest interest = Interest::read;
    FdCallback callback;
  };
  struct Deadline {
    TimePoint at;
    TimerId id;
    bool operator>(const Deadline& other) const { return at != other.at ? at > other.at : id > other.id; }
  };
  using Heap = std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>>;

  void control(int operation, int fd, Interest interest);
  int wait_ms(std::optional<std::chrono::nanoseconds> limit);
  void dispatch(int fd, std::uint32_t generation, Ready ready) noexcept;
  void run_posted() noexcept;
  void run_timers() noexcept;
  void drop_cancelled();
  void wake();

  UniqueFd epoll_, wake_, signals_;
  std::vector<Watch> watches_;  ///< by descriptor
  Heap deadlines_;              ///< also of cancelled timers, until they come up or are too many
  std::unordered_map<TimerId, std::function<void()>> timers_;
  TimerId last_timer_ = 0;
  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;
  std::atomic<bool> stopping_ = false;
  std::vector<int> blocked_signals_;  ///< by us
};

}  // namespace backlot
