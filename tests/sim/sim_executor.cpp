#include "tests/sim/sim_executor.h"

#include <csignal>

namespace backlot::sim {
namespace {

struct Silent : TaskReporter {
  void label(std::string_view) override {}
  void progress(double, double, std::string_view) override {}
  void metadata(std::string_view, std::string_view) override {}
};

Exit killed(int signal) {
  Exit exit;
  exit.by_signal = true;
  exit.code = signal;
  return exit;
}

}  // namespace

SimExecutor::SimExecutor(const FlowCode& flow, SimTime& time, BlobReader& reader, BlobWriter& writer, Fates fates,
                         std::uint64_t seed, std::size_t most_printed)
    : flow_(flow),
      time_(time),
      reader_(reader),
      writer_(writer),
      fates_(fates),
      random_(seed),
      most_printed_(most_printed) {}

std::chrono::nanoseconds SimExecutor::some_time(int at_most_us) {
  return std::chrono::microseconds(random_() % static_cast<std::uint64_t>(at_most_us));
}

bool SimExecutor::chance(double share) { return std::uniform_real_distribution<double>(0, 1)(random_) < share; }

void SimExecutor::launch(Launch&& launch) {
  LaunchId id = launch.id;
  Process& process = processes_[id];
  process.frame = std::move(launch.frame);
  process.next = time_.after(some_time(900), [this, id] { begin(id); });
}

void SimExecutor::begin(LaunchId id) {
  Process& process = processes_.at(id);
  if (chance(fates_.lost)) {
    Exit exit;
    exit.lost = "its runner died";
    return end(id, std::move(exit));
  }
  events_->on_started(id, time_.now(), 0);
  if (chance(fates_.crash)) return end(id, killed(SIGSEGV));
  process.hangs = chance(fates_.hang);
  if (!process.hangs) process.next = time_.after(some_time(20'000), [this, id] { work(id); });
  if (chance(0.5)) print(id);  // last: when it cannot be kept, the process is stopped
}

/// "1 of 3", "2 of 3", "3 of 3": from what is kept anyone can tell what is not.
void SimExecutor::print(LaunchId id) {
  const std::uint64_t lines = 1 + random_() % (chance(0.2) ? 100 : 5);
  const auto stream = random_() % 2 ? backlot::Stream::out : backlot::Stream::err;
  std::string all;
  for (std::uint64_t i = 1; i <= lines; ++i) all += std::to_string(i) + " of " + std::to_string(lines) + "\n";
  std::string_view rest = std::string_view(all).substr(0, most_printed_);
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, 1 + random_() % 100);
    events_->on_output(id, stream, piece);
    rest.remove_prefix(piece.size());
  }
}

void SimExecutor::work(LaunchId id) {
  Exit exit;
  try {
    Silent silent;
    TaskContext context{reader_, writer_, silent, "/tmp"};
    exit.manifest = encode(flow_.run(decode_frame(processes_.at(id).frame), context));
  } catch (const Error&) {
    exit.code = 1;  // the disk failed under it
  }
  if (chance(fates_.crash)) exit = killed(SIGABRT);  // its blobs are written, its manifest is lost
  processes_.at(id).next = time_.after(some_time(300), [this, id, exit]() mutable { end(id, std::move(exit)); });
}

void SimExecutor::end(LaunchId id, Exit exit) {
  processes_.erase(id);
  events_->on_exit(id, std::move(exit));
}

void SimExecutor::stop(LaunchId id, Stop how) {
  auto found = processes_.find(id);
  if (found == processes_.end()) return;
  if (how == Stop::gently && chance(0.3)) return;  // it ignores the signal
  time_.cancel(found->second.next);
  int signal = how == Stop::now ? SIGKILL : SIGTERM;
  found->second.next = time_.after(some_time(500), [this, id, signal] { end(id, killed(signal)); });
}

}  // namespace backlot::sim
