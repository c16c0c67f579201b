#include "backlot/base/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <thread>

#include "backlot/base/error.h"

namespace backlot {
namespace {

using namespace std::chrono_literals;

struct Pipe {
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw_system_error("pipe2");
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }
  void put(std::string_view text) { ASSERT_EQ(write(write_end.get(), text.data(), text.size()), ssize_t(text.size())); }
  std::string take() {
    char text[64];
    ssize_t n = read(read_end.get(), text, sizeof text);
    return n > 0 ? std::string(text, n) : "";
  }
  UniqueFd read_end, write_end;
};

TEST(EventLoop, calls_while_readable_and_stops_after_unwatch) {
  EventLoop loop;
  Pipe pipe;
  int calls = 0;
  loop.watch(pipe.read_end.get(), Interest::read, [&](EventLoop::Ready ready) {
    EXPECT_TRUE(ready.read);
    ++calls;
  });
  loop.run_once(0ms);
  EXPECT_EQ(calls, 0);
  pipe.put("x");
  loop.run_once();
  loop.run_once();
  EXPECT_EQ(calls, 2) << "level-triggered: nothing was read in between";
  loop.unwatch(pipe.read_end.get());
  loop.run_once(0ms);
  EXPECT_EQ(calls, 2);
}

TEST(EventLoop, a_closed_other_end_shows_as_readable) {
  EventLoop loop;
  Pipe pipe;
  bool ended = false;
  loop.watch(pipe.read_end.get(), Interest::read, [&](EventLoop::Ready) {
    char byte;
    ended = read(pipe.read_end.get(), &byte, 1) == 0;
  });
  pipe.write_end.reset();
  loop.run_once();
  EXPECT_TRUE(ended);
}

TEST(EventLoop, write_interest_can_be_changed) {
  EventLoop loop;
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  UniqueFd a(ends[0]), b(ends[1]);
  int reads = 0, writes = 0;
  loop.watch(a.get(), Interest::both, [&](EventLoop::Ready ready) { reads += ready.read, writes += ready.write; });
  loop.run_once();
  EXPECT_EQ(writes, 1);
  EXPECT_EQ(reads, 0);
  loop.set_interest(a.get(), Interest::read);
  loop.run_once(0ms);
  EXPECT_EQ(writes, 1);
  ASSERT_EQ(write(b.get(), "x", 1), 1);
  loop.run_once();
  EXPECT_EQ(reads, 1);
}

TEST(EventLoop, a_callback_may_remove_itself_and_others_whose_events_are_then_dropped) {
  EventLoop loop;
  Pipe one, two;
  int calls = 0;
  auto remove_both = [&](EventLoop::Ready) {
    ++calls;
    loop.unwatch(one.read_end.get());
    loop.unwatch(two.read_end.get());
  };
  loop.watch(one.read_end.get(), Interest::read, remove_both);
  loop.watch(two.read_end.get(), Interest::read, remove_both);
  one.put("x");
  two.put("x");
  loop.run_once();
  EXPECT_EQ(calls, 1);
}

TEST(EventLoop, an_event_of_a_closed_descriptor_does_not_reach_its_successor) {
  EventLoop loop;
  Pipe one, two;
  int strangers = 0;
  UniqueFd successor;
  auto replace = [&](Pipe& other) {
    if (successor) return;
    int number = other.read_end.get();
    loop.unwatch(number);
    other.read_end.reset();
    Pipe fresh;
    successor = std::move(fresh.read_end);
    EXPECT_EQ(successor.get(), number) << "the lowest free number";
    loop.watch(number, Interest::read, [&](EventLoop::Ready) { ++strangers; });
    fresh.write_end.release();  // stays open: the successor must not become readable
  };
  loop.watch(one.read_end.get(), Interest::read, [&](EventLoop::Ready) { replace(two); });
  loop.watch(two.read_end.get(), Interest::read, [&](EventLoop::Ready) { replace(one); });
  one.put("x");
  two.put("x");
  loop.run_once();
  EXPECT_TRUE(successor);
  EXPECT_EQ(strangers, 0);
}

TEST(EventLoop, many_descriptors_added_from_a_callback) {
  EventLoop loop;
  Pipe first;
  std::vector<Pipe> more(100);
  int calls = 0;
  loop.watch(first.read_end.get(), Interest::read, [&](EventLoop::Ready) {
    first.take();
    for (Pipe& pipe : more) {
      loop.watch(pipe.read_end.get(), Interest::read, [&](EventLoop::Ready) { calls += !pipe.take().empty(); });
      pipe.put("x");
    }
  });
  first.put("x");
  for (int turn = 0; turn < 10; ++turn) loop.run_once(0ms);
  EXPECT_EQ(calls, 100);
}

TEST(EventLoop, timers_fire_once_in_order_of_deadline) {
  EventLoop loop;
  std::string order;
  loop.after(3ms, [&] { order += 'c'; });
  loop.after(1ms, [&] { order += 'a'; });
  loop.after(2ms, [&] { order += 'b'; });
  loop.after(2ms, [&] { order += 'B'; });
  while (order.size() < 4) loop.run_once();
  loop.run_once(5ms);
  EXPECT_EQ(order, "abBc");
}

TEST(EventLoop, a_timer_never_fires_early) {
  EventLoop loop;
  auto begin = std::chrono::steady_clock::now();
  bool fired = false;
  loop.after(2500us, [&] { fired = true; });
  while (!fired) loop.run_once();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 2500us);
}

TEST(EventLoop, cancelled_timers_do_not_fire_not_even_from_a_timer_of_the_same_turn) {
  EventLoop loop;
  int fired = 0;
  TimerId second = 0;
  loop.after(0ms, [&] {
    ++fired;
    loop.cancel(second);
  });
  second = loop.after(0ms, [&] { ++fired; });
  loop.run_once();
  loop.run_once(2ms);
  EXPECT_EQ(fired, 1);
  loop.cancel(second);
}

TEST(EventLoop, many_cancelled_timers_leave_the_others_whole) {
  EventLoop loop;
  int fired = 0;
  for (int i = 0; i < 10'000; ++i) {
    TimerId id = loop.after(1h, [&] { fired = -1; });
    if (i % 1000 == 0) loop.after(1ms, [&] { ++fired; });
    loop.cancel(id);
  }
  while (fired < 10) loop.run_once();
  EXPECT_EQ(fired, 10);
}

TEST(EventLoop, a_timer_that_sets_itself_again_does_not_starve_descriptors) {
  EventLoop loop;
  Pipe pipe;
  bool seen = false;
  std::function<void()> again = [&] { loop.after(0ns, again); };
  again();
  loop.watch(pipe.read_end.get(), Interest::read, [&](EventLoop::Ready) { seen = true; });
  pipe.put("x");
  for (int turn = 0; turn < 3; ++turn) loop.run_once();
  EXPECT_TRUE(seen);
}

TEST(EventLoop, runs_work_of_other_threads_in_order_and_stops) {
  EventLoop loop;
  std::vector<int> got;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) loop.post([&got, i] { got.push_back(i); });
    loop.stop();
  });
  loop.run();
  other.join();
  loop.run_once(0ms);
  ASSERT_EQ(got.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
}

TEST(EventLoop, work_posted_by_work_runs_in_a_later_turn) {
  EventLoop loop;
  int depth = 0;
  loop.post([&] {
    ++depth;
    loop.post([&] { ++depth; });
  });
  loop.run_once();
  EXPECT_EQ(depth, 1);
  loop.run_once();
  EXPECT_EQ(depth, 2);
}

TEST(EventLoop, turns_signals_into_calls_and_restores_the_mask) {
  {
    EventLoop loop;
    std::vector<int> got;
    loop.on_signals({SIGINT, SIGTERM, SIGHUP}, [&](int signal) { got.push_back(signal); });
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGHUP);
    while (got.size() < 2) loop.run_once();
    EXPECT_EQ(got, (std::vector<int>{SIGHUP, SIGTERM})) << "the kernel hands out the lowest number first";
  }
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  EXPECT_FALSE(sigismember(&mask, SIGTERM));
}

TEST(EventLoopDeathTest, a_callback_that_throws_ends_the_process) {
  EXPECT_DEATH(
      {
        EventLoop loop;
        loop.after(0ms, [] { throw Error(ErrorCode::internal, "thrown by a callback"); });
        loop.run_once();
      },
      "");
}

}  // namespace
}  // namespace backlot
