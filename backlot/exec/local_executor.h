// Task processes on this machine, through the fork server.
#pragma once
#include <array>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "backlot/base/event_loop.h"
#include "backlot/engine/executor.h"
#include "backlot/exec/fork_server.h"
#include "backlot/exec/fork_server_messages.h"
#include "backlot/exec/task_channel.h"

namespace backlot {

/// Belongs to the loop's thread. Events come from inside the loop's turns only; they may call anything here, except
/// destroy the executor. Destroying it kills what still runs, without events.
///
/// An attempt that writes faster than the loop's turns take it waits when its pipe is full (64 KiB).
/// An attempt has up to three descriptors here; the constructor raises the soft limit of open files to the hard one.
///
/// While attempts are out, the server is asked for an answer. It is killed, and every attempt lost, when it gives none
/// for `grace` and is stopped (a task may send it SIGSTOP) or has a stop() to carry out. One that is only slow, such as
/// one that starts tasks from a disk that hangs, is waited for.
class LocalExecutor : public Executor {
 public:
  LocalExecutor(EventLoop& loop, ForkServer server, std::chrono::milliseconds grace = std::chrono::seconds(5));
  ~LocalExecutor() override;

  void set_events(ExecutorEvents* events) override { events_ = events; }
  void launch(Launch&& launch) override;
  void stop(LaunchId id, Stop how) override;

 private:
  struct Attempt {
    UniqueFd out, err, channel;
    MessageReader messages;
    std::string unsent;  ///< of the frame, when it did not fit into the channel at once
    std::optional<std::string> manifest;
    bool started = false;  ///< told
    bool watched = false;  ///< the loop watches what is open of it
    bool sending = false;  ///< the loop waits for room for `unsent`
  };
  /// A command that waits for room in the server's socket.
  struct Command {
    std::string bytes;
    std::array<UniqueFd, 3> descriptors;
  };

  void open_attempt(const Launch& launch);
  void fail_later(LaunchId id, std::string why);
  void report_failures();

  void send(Command command);
  bool try_send(const Command& command);
  void send_waiting();
  void receive_reports();
  void handle(const ServerReport& report);
  void ask_for_answer();
  void lose_server(const std::string& how);

  void watch_later(LaunchId id);
  void watch_grown();
  void watch(LaunchId id, Attempt& attempt);
  void unwatch(Attempt& attempt);

  void serve_channel(LaunchId id, EventLoop::Ready ready);
  void send_frame(Attempt& attempt);
  std::optional<std::size_t> read_channel(LaunchId id, Attempt& attempt);
  void forward(LaunchId id, Attempt& attempt, const TaskMessage& message);
  void must_have_started(LaunchId id, Attempt& attempt);
  void read_output(LaunchId id, Stream stream);
  void drain(LaunchId id, Attempt& attempt, Stream stream);
  void finish(LaunchId id, Exit&& exit);

  EventLoop& loop_;
  ForkServer server_;
  ExecutorEvents* events_ = nullptr;
  std::unordered_map<LaunchId, Attempt> attempts_;
  std::deque<Command> waiting_;
  const std::chrono::milliseconds grace_;
  TimerId answer_timer_ = 0;
  bool asking_ = false;        ///< the timer is set
  int unanswered_ = 0;         ///< half graces since the server was asked, without a word from it
  bool stop_unheard_ = false;  ///< stop() was called since its last word
  std::string lost_;           ///< not empty: the server is gone, and why
  std::vector<char> buffer_;   ///< bytes on their way from a descriptor to an event
  /// Attempts that started a moment ago: most end before it pays to watch them.
  std::deque<std::pair<std::chrono::steady_clock::time_point, LaunchId>> young_;
  TimerId young_timer_ = 0;
  std::vector<std::pair<LaunchId, std::string>> failures_;
  TimerId failures_timer_ = 0;
};

}  // namespace backlot
