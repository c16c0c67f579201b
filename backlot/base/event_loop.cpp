#include "backlot/base/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <csignal>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "backlot/base/error.h"

namespace backlot {
namespace {

sigset_t set_of(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!epoll_) throw_system_error("epoll_create1");
  if (!wake_) throw_system_error("eventfd");
  watch(wake_.get(), Interest::read, [this](Ready) { run_posted(); });
}

EventLoop::~EventLoop() {
  sigset_t set = set_of(blocked_signals_);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void EventLoop::control(int operation, int fd, Interest interest) {
  epoll_event event{};
  if (static_cast<int>(interest) & static_cast<int>(Interest::read)) event.events |= EPOLLIN;
  if (static_cast<int>(interest) & static_cast<int>(Interest::write)) event.events |= EPOLLOUT;
  event.data.u64 = std::uint64_t{watches_[fd].generation} << 32 | static_cast<std::uint32_t>(fd);
  if (epoll_ctl(epoll_.get(), operation, fd, &event) != 0) throw_system_error("epoll_ctl");
}

void EventLoop::watch(int fd, Interest interest, FdCallback callback) {
  BACKLOT_ASSERT(fd >= 0);
  if (watches_.size() <= static_cast<std::size_t>(fd)) watches_.resize(fd + 1);
  ++watches_[fd].generation;
  control(EPOLL_CTL_ADD, fd, interest);
  watches_[fd].interest = interest;
  watches_[fd].callback = std::move(callback);
}

void EventLoop::set_interest(int fd, Interest interest) {
  control(EPOLL_CTL_MOD, fd, interest);
  watches_[fd].interest = interest;
}

void EventLoop::unwatch(int fd) {
  ++watches_[fd].generation;
  watches_[fd].callback = nullptr;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr) != 0) throw_system_error("epoll_ctl");
}

TimerId EventLoop::after(std::chrono::nanoseconds delay, std::function<void()> callback) {
  TimerId id = ++last_timer_;
  deadlines_.push({std::chrono::steady_clock::now() + delay, id});
  timers_.emplace(id, std::move(callback));
  return id;
}

void EventLoop::cancel(TimerId id) {
  timers_.erase(id);
  if (deadlines_.size() > 2 * timers_.size() + 64) drop_cancelled();
}

void EventLoop::drop_cancelled() {
  std::vector<Deadline> live;
  live.reserve(timers_.size());
  for (; !deadlines_.empty(); deadlines_.pop()) {
    if (timers_.contains(deadlines_.top().id)) live.push_back(deadlines_.top());
  }
  deadlines_ = Heap(std::greater<>(), std::move(live));
}

void EventLoop::run_timers() noexcept {
  if (deadlines_.empty()) return;
  TimePoint now = std::chrono::steady_clock::now();
  while (!deadlines_.empty() && deadlines_.top().at <= now) {
    auto timer = timers_.extract(deadlines_.top().id);
    deadlines_.pop();
    if (!timer.empty()) timer.mapped()();
  }
}

void EventLoop::post(std::function<void()> work) {
  bool first;
  {
    std::lock_guard lock(posted_mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(work));
  }
  if (first) wake();
}

void EventLoop::wake() {
  if (eventfd_write(wake_.get(), 1) != 0) throw_system_error("eventfd_write");
}

void EventLoop::run_posted() noexcept {
  eventfd_t count;
  eventfd_read(wake_.get(), &count);
  std::vector<std::function<void()>> work;
  {
    std::lock_guard lock(posted_mutex_);
    work.swap(posted_);
  }
  for (auto& item : work) item();
}

void EventLoop::on_signals(const std::vector<int>& signals, std::function<void(int)> callback) {
  BACKLOT_ASSERT(!signals_);
  sigset_t set = set_of(signals);
  signals_.reset(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) throw_system_error("signalfd");
  sigset_t before;
  if (int error = pthread_sigmask(SIG_BLOCK, &set, &before)) throw system_error("pthread_sigmask", error);
  for (int signal : signals) {
    if (!sigismember(&before, signal)) blocked_signals_.push_back(signal);
  }
  watch(signals_.get(), Interest::read, [this, callback = std::move(callback)](Ready) {
    signalfd_siginfo info;
    while (read(signals_.get(), &info, sizeof info) == sizeof info) callback(static_cast<int>(info.ssi_signo));
  });
}

int EventLoop::wait_ms(std::optional<std::chrono::nanoseconds> limit) {
  using std::chrono::nanoseconds;
  if (!deadlines_.empty()) {
    nanoseconds left = std::max(nanoseconds(0), nanoseconds(deadlines_.top().at - std::chrono::steady_clock::now()));
    limit = limit ? std::min(*limit, left) : left;
  }
  if (!limit) return -1;
  return static_cast<int>(
      std::min<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(*limit).count(), INT_MAX));
}

void EventLoop::run_once(std::optional<std::chrono::nanoseconds> limit) {
  std::array<epoll_event, 64> events;
  int count = epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms(limit));
  if (count < 0 && errno != EINTR) throw_system_error("epoll_wait");
  for (int i = 0; i < count; ++i) {
    constexpr std::uint32_t failed = EPOLLHUP | EPOLLERR;
    Ready ready{(events[i].events & (EPOLLIN | failed)) != 0, (events[i].events & (EPOLLOUT | failed)) != 0};
    dispatch(static_cast<int>(events[i].data.u64 & UINT32_MAX), events[i].data.u64 >> 32, ready);
  }
  run_timers();
}

void EventLoop::dispatch(int fd, std::uint32_t generation, Ready ready) noexcept {
  if (watches_[fd].generation != generation) return;
  int interest = static_cast<int>(watches_[fd].interest);
  ready.read = ready.read && (interest & static_cast<int>(Interest::read));
  ready.write = ready.write && (interest & static_cast<int>(Interest::write));
  // It may remove itself or move the table while it runs.
  FdCallback callback = std::move(watches_[fd].callback);
  callback(ready);
  if (watches_[fd].generation == generation) watches_[fd].callback = std::move(callback);
}

void EventLoop::run() {
  while (!stopping_.exchange(false)) run_once();
}

void EventLoop::stop() {
  stopping_ = true;
  wake();
}

}  // namespace backlot
