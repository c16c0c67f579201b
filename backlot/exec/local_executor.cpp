#include "backlot/exec/local_executor.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

#include "backlot/base/clock.h"
#include "backlot/base/error.h"
#include "backlot/exec/exec_tier.h"
#include "backlot/exec/process_table.h"

namespace backlot {
namespace {

constexpr std::size_t read_size = 64 << 10;
/// After the end of a task this much of each of its streams is read at most: no pipe of an unprivileged process holds
/// more, and a stray that still writes cannot keep us.
constexpr std::size_t drain_limit = 1 << 20;
constexpr std::chrono::milliseconds young_age{5};

void raise_descriptor_limit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

struct Ends {
  UniqueFd ours, tasks;
};

Ends make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw_system_error("pipe2");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Ends make_channel() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw_system_error("socketpair");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Exit exit_of(const ServerReport& report) {
  Exit exit;
  exit.by_signal = WIFSIGNALED(report.status);
  exit.code = exit.by_signal ? WTERMSIG(report.status) : WEXITSTATUS(report.status);
  exit.out_of_memory = report.out_of_memory;
  exit.usage = report.usage;
  return exit;
}

std::string command_bytes(ServerCommand::Kind kind, LaunchId id) {
  ServerCommand command{kind, id};
  return std::string(reinterpret_cast<const char*>(&command), sizeof command);
}

}  // namespace

LocalExecutor::LocalExecutor(EventLoop& loop, ForkServer server, std::chrono::milliseconds grace)
    : loop_(loop), server_(std::move(server)), grace_(grace), buffer_(read_size) {
  raise_descriptor_limit();
  loop_.watch(server_.socket(), Interest::read, [this](EventLoop::Ready ready) {
    if (ready.write) send_waiting();
    if (ready.read) receive_reports();
  });
}

LocalExecutor::~LocalExecutor() {
  for (auto& [id, attempt] : attempts_) unwatch(attempt);
  if (lost_.empty()) loop_.unwatch(server_.socket());
  loop_.cancel(young_timer_);
  loop_.cancel(failures_timer_);
  loop_.cancel(answer_timer_);
}

// --- towards the server -----------------------------------------------------------------------------------------

void LocalExecutor::launch(Launch&& launch) {
  BACKLOT_ASSERT(!attempts_.contains(launch.id));
  if (!lost_.empty()) return fail_later(launch.id, lost_);
  try {
    open_attempt(launch);
    if (!asking_) ask_for_answer();
  } catch (const Error& error) { fail_later(launch.id, std::string("it could not be started: ") + error.what()); }
}

void LocalExecutor::open_attempt(const Launch& launch) {
  Command command{command_bytes(ServerCommand::Kind::launch, launch.id) + environment_block(launch.environment), {}};
  if (command.bytes.size() > sizeof(ServerCommand) + environment_limit) {
    throw Error(ErrorCode::invalid, "its environment is larger than 96 KiB", "pass large values as artifacts");
  }
  Ends out = make_pipe(), err = make_pipe(), channel = make_channel();
  command.descriptors = {std::move(out.tasks), std::move(err.tasks), std::move(channel.tasks)};
  Attempt& attempt = attempts_[launch.id];
  attempt.out = std::move(out.ours);
  attempt.err = std::move(err.ours);
  attempt.channel = std::move(channel.ours);
  attempt.unsent = wire_form(TaskMessage::Kind::frame, launch.frame);
  send_frame(attempt);
  if (!attempt.unsent.empty()) {
    attempt.sending = true;
    loop_.watch(attempt.channel.get(), Interest::write,
                [this, id = launch.id](EventLoop::Ready ready) { serve_channel(id, ready); });
  }
  send(std::move(command));
}

void LocalExecutor::fail_later(LaunchId id, std::string why) {
  failures_.emplace_back(id, std::move(why));
  if (failures_.size() == 1) failures_timer_ = loop_.after({}, [this] { report_failures(); });
}

void LocalExecutor::report_failures() {
  for (auto& [id, why] : std::exchange(failures_, {})) {
    Exit exit;
    exit.lost = std::move(why);
    exit.executor_lost = !lost_.empty();
    events_->on_exit(id, std::move(exit));
  }
}

void LocalExecutor::stop(LaunchId id, Stop how) {
  if (!attempts_.contains(id) || !lost_.empty()) return;
  auto kind = how == Stop::now ? ServerCommand::Kind::stop_now : ServerCommand::Kind::stop_gently;
  send({command_bytes(kind, id), {}});
  if (!std::exchange(stop_unheard_, true)) unanswered_ = 0;
}

void LocalExecutor::send(Command command) {
  if (waiting_.empty() && try_send(command)) return;
  if (waiting_.empty()) loop_.set_interest(server_.socket(), Interest::both);
  waiting_.push_back(std::move(command));
}

/// False when it must wait for room. A server that is gone shows when it is read from.
bool LocalExecutor::try_send(const Command& command) {
  alignas(cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))] = {};
  iovec bytes{const_cast<char*>(command.bytes.data()), command.bytes.size()};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  if (command.descriptors[0]) {
    int descriptors[3];
    for (int i = 0; i < 3; ++i) descriptors[i] = command.descriptors[i].get();
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    std::memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
  }
  return sendmsg(server_.socket(), &message, MSG_NOSIGNAL) >= 0 || (errno != EAGAIN && errno != ETOOMANYREFS);
}

void LocalExecutor::send_waiting() {
  while (!waiting_.empty() && try_send(waiting_.front())) waiting_.pop_front();
  if (waiting_.empty()) loop_.set_interest(server_.socket(), Interest::read);
}

// --- from the server --------------------------------------------------------------------------------------------

void LocalExecutor::receive_reports() {
  std::array<ServerReport, reports_at_once> reports;
  ssize_t size = recv(server_.socket(), reports.data(), sizeof reports, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) return lose_server("died");
  unanswered_ = 0;
  stop_unheard_ = false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size) / sizeof reports[0]; ++i) handle(reports[i]);
}

void LocalExecutor::handle(const ServerReport& report) {
  switch (report.kind) {
    case ServerReport::Kind::started:
      attempts_.at(report.id).started = true;
      watch_later(report.id);
      return events_->on_started(report.id, report.at, report.pid);
    case ServerReport::Kind::ended: return finish(report.id, exit_of(report));
    case ServerReport::Kind::answering: return;
    case ServerReport::Kind::not_started: break;
  }
  Exit exit;
  exit.lost = system_error("its process could not be made", report.status).what();
  finish(report.id, std::move(exit));
}

void LocalExecutor::ask_for_answer() {
  if (unanswered_ > 0 && lost_.empty()) receive_reports();  // whatever kept the server may have kept us
  asking_ = !attempts_.empty() && lost_.empty();
  if (!asking_) {
    unanswered_ = 0;
    return;
  }
  if (unanswered_ >= 2) {
    const auto info = process_info(server_.pid());
    if (stop_unheard_ || (info && info->state == 'T')) return lose_server("did not answer and was killed");
  }
  if (unanswered_++ == 0) send({command_bytes(ServerCommand::Kind::answer, LaunchId()), {}});
  answer_timer_ = loop_.after(grace_ / 2, [this] { ask_for_answer(); });
}

void LocalExecutor::lose_server(const std::string& how) {
  lost_ = "the fork server (process " + std::to_string(server_.pid()) + ") " + how + "; `resume` goes on from here";
  loop_.unwatch(server_.socket());
  waiting_.clear();
  server_.kill_all();
  std::vector<LaunchId> ids;
  for (auto& [id, attempt] : attempts_) ids.push_back(id);
  for (LaunchId id : ids) {
    Exit exit;
    exit.lost = lost_;
    exit.executor_lost = true;
    finish(id, std::move(exit));
  }
}

// --- watching attempts ------------------------------------------------------------------------------------------

void LocalExecutor::watch_later(LaunchId id) {
  young_.emplace_back(std::chrono::steady_clock::now(), id);
  if (young_.size() == 1) young_timer_ = loop_.after(young_age, [this] { watch_grown(); });
}

void LocalExecutor::watch_grown() {
  auto now = std::chrono::steady_clock::now();
  for (; !young_.empty() && young_.front().first + young_age <= now; young_.pop_front()) {
    auto attempt = attempts_.find(young_.front().second);
    if (attempt != attempts_.end()) watch(attempt->first, attempt->second);
  }
  if (!young_.empty()) {
    young_timer_ = loop_.after(young_.front().first + young_age - now, [this] { watch_grown(); });
  }
}

void LocalExecutor::watch(LaunchId id, Attempt& attempt) {
  attempt.watched = true;
  if (attempt.sending) {
    loop_.set_interest(attempt.channel.get(), Interest::both);
  } else if (attempt.channel) {
    loop_.watch(attempt.channel.get(), Interest::read,
                [this, id](EventLoop::Ready ready) { serve_channel(id, ready); });
  }
  auto add = [&](const UniqueFd& fd, Stream stream) {
    if (fd) loop_.watch(fd.get(), Interest::read, [this, id, stream](EventLoop::Ready) { read_output(id, stream); });
  };
  add(attempt.out, Stream::out);
  add(attempt.err, Stream::err);
}

void LocalExecutor::unwatch(Attempt& attempt) {
  if (attempt.channel && (attempt.watched || attempt.sending)) loop_.unwatch(attempt.channel.get());
  if (attempt.watched && attempt.out) loop_.unwatch(attempt.out.get());
  if (attempt.watched && attempt.err) loop_.unwatch(attempt.err.get());
  attempt.watched = attempt.sending = false;
}

// --- what attempts say ------------------------------------------------------------------------------------------

void LocalExecutor::serve_channel(LaunchId id, EventLoop::Ready ready) {
  Attempt& attempt = attempts_.at(id);
  if (ready.write) {
    send_frame(attempt);
    attempt.sending = !attempt.unsent.empty();
    if (!attempt.sending && attempt.watched) loop_.set_interest(attempt.channel.get(), Interest::read);
    if (!attempt.sending && !attempt.watched) loop_.unwatch(attempt.channel.get());
  }
  if (ready.read && read_channel(id, attempt) == 0) {
    loop_.unwatch(attempt.channel.get());
    attempt.channel.reset();
    attempt.sending = false;
  }
}

/// Sends what fits. A task that died or does not listen needs no frame.
void LocalExecutor::send_frame(Attempt& attempt) {
  ssize_t n = ::send(attempt.channel.get(), attempt.unsent.data(), attempt.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  attempt.unsent.erase(0, n < 0 ? std::string::npos : static_cast<std::size_t>(n));
}

/// Takes what is there, up to read_size; 0 at the end, empty when there is nothing now.
std::optional<std::size_t> LocalExecutor::read_channel(LaunchId id, Attempt& attempt) {
  ssize_t n = recv(attempt.channel.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (n <= 0) return 0;
  attempt.messages.add({buffer_.data(), static_cast<std::size_t>(n)});
  while (auto message = attempt.messages.next()) forward(id, attempt, *message);
  return static_cast<std::size_t>(n);
}

/// What a server that died had not told yet shows in what the attempt left.
void LocalExecutor::must_have_started(LaunchId id, Attempt& attempt) {
  if (!std::exchange(attempt.started, true)) events_->on_started(id, system_clock().now(), 0);
}

void LocalExecutor::forward(LaunchId id, Attempt& attempt, const TaskMessage& message) {
  must_have_started(id, attempt);
  switch (message.kind) {
    case TaskMessage::Kind::frame: break;
    case TaskMessage::Kind::label: return events_->on_label(id, message.payload);
    case TaskMessage::Kind::progress:
      if (auto progress = decode_progress(message.payload)) events_->on_progress(id, progress->share, progress->note);
      break;
    case TaskMessage::Kind::metadata:
      if (auto item = decode_metadata(message.payload)) events_->on_metadata(id, item->key, item->value);
      break;
    case TaskMessage::Kind::manifest: attempt.manifest = message.payload; break;
  }
}

void LocalExecutor::read_output(LaunchId id, Stream stream) {
  Attempt& attempt = attempts_.at(id);
  UniqueFd& fd = stream == Stream::out ? attempt.out : attempt.err;
  ssize_t n = read(fd.get(), buffer_.data(), buffer_.size());
  if (n > 0) return events_->on_output(id, stream, {buffer_.data(), static_cast<std::size_t>(n)});
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  loop_.unwatch(fd.get());
  fd.reset();
}

/// Reads what is in a pipe now. A short read has emptied it.
void LocalExecutor::drain(LaunchId id, Attempt& attempt, Stream stream) {
  UniqueFd& fd = stream == Stream::out ? attempt.out : attempt.err;
  if (!fd) return;
  ssize_t n = read_size;
  for (std::size_t total = 0; n == read_size && total < drain_limit; total += read_size) {
    n = read(fd.get(), buffer_.data(), read_size);
    if (n > 0) must_have_started(id, attempt);
    if (n > 0) events_->on_output(id, stream, {buffer_.data(), static_cast<std::size_t>(n)});
  }
}

void LocalExecutor::finish(LaunchId id, Exit&& exit) {
  Attempt attempt = std::move(attempts_.extract(id).mapped());
  unwatch(attempt);
  std::optional<std::size_t> n = attempt.channel ? read_size : 0;
  for (std::size_t total = 0; n == read_size && total < drain_limit; total += read_size) n = read_channel(id, attempt);
  drain(id, attempt, Stream::out);
  drain(id, attempt, Stream::err);
  exit.manifest = std::move(attempt.manifest);
  events_->on_exit(id, std::move(exit));
}

}  // namespace backlot
