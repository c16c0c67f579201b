// A home as large as the console must bear, written through the catalog as a scheduler would:
//   console_fixture HOME RUNS TASKS        RUNS small runs, then one of TASKS tasks, some of which failed or were
//   retried console_fixture HOME live RATE SECONDS a run that goes on, with RATE tasks a second; prints its pathspec
//   first
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "backlot/base/identity.h"
#include "backlot/base/log_segments.h"
#include "backlot/base/system_files.h"
#include "backlot/client/client.h"
#include "backlot/client/connection.h"
#include "backlot/flow/test_edges.h"

namespace {

using namespace backlot;

constexpr std::int64_t batch = 1000;

Graph fan_out_graph() {
  Graph graph;
  graph.nodes = {{.name = "start"},
                 {.name = "titles", .kind = NodeKind::foreach, .match = NodeId(3)},
                 {.name = "encode", .inside = NodeId(1)},
                 {.name = "collect", .kind = NodeKind::join, .match = NodeId(1)},
                 {.name = "end"}};
  graph.edges = edges_of({{0, 1}, {1, 2}, {2, 3}, {3, 4}});
  return graph;
}

/// One run, task by task, with a log line for each.
class Script {
 public:
  Script(client::Connection& home, const std::string& flow, Micros begin, std::vector<std::string> tags) : home_(home) {
    NewRun run;
    run.flow = flow;
    run.run_id = run.now = now_ = begin;
    run.user = current_user();
    run.host = current_host();
    run.graph = encode(fan_out_graph());
    run.tags = std::move(tags);
    run.parameters = {{"quality", Reference::inlined(TypeTag::integer, std::string(1, '\x07'))}};
    std::tie(row_, lease_) = home.catalog().create_run(run, lease_owner());
  }
  std::string pathspec() const { return row_.flow + "/" + std::to_string(row_.run_id); }
  const RunRow& row() const { return row_; }

  void open_log() { log_.emplace(system_files(), home_.home().log(row_.flow, row_.run_id)); }

  /// Adds it to the next commit. Of a run with a log every thousandth fails, and every hundredth needed two attempts.
  void add(const std::string& step, const IndexPath& path, std::string label, std::uint64_t fan_out = 0) {
    TaskRow task;
    task.number = ++number_;
    task.step = step;
    task.path = path.key();
    task.label = std::move(label);
    const bool fails = log_ && step == "encode" && number_ % 1000 == 17;
    const bool retried = log_ && step == "encode" && number_ % 100 == 5;
    task.state = fails ? TaskState::failed : TaskState::done;
    task.attempts = retried ? 2 : 1;
    task.ready = now_;
    task.started = now_ + 400 + number_ % 7 * 300;
    task.ended = task.started + 2000 + number_ * 7919 % 9000;
    now_ += 700;
    if (retried) commit_.attempts.push_back(attempt(task, 0, true));
    commit_.attempts.push_back(attempt(task, retried ? 1 : 0, fails, fan_out));
    commit_.tasks.push_back(std::move(task));
    if (commit_.tasks.size() >= batch) flush();
  }
  void flush() {
    if (log_) log_->sync();
    commit_.lease = lease_;
    commit_.now = now_;
    home_.catalog().commit(commit_);
    commit_ = {};
  }
  void end(RunState state, std::string failure = {}) {
    commit_.run_state = state;
    commit_.run_failure = std::move(failure);
    flush();
  }
  void set_now(Micros now) { now_ = now; }

 private:
  AttemptRow attempt(const TaskRow& task, std::int32_t number, bool fails, std::uint64_t fan_out = 0) {
    AttemptRow row;
    row.task = task.number;
    row.attempt = number;
    row.state = fails ? TaskState::failed : TaskState::done;
    row.started = task.started;
    row.ended = task.ended;
    row.usage = {1500, 300, 9 << 20, Usage::Source::rusage};
    Manifest manifest;
    if (fails) {
      manifest.failure = Failure{FailureKind::exception, 0, "KeyError", "'bitrate'", "encode.py:41"};
      row.failure_signature = "exception|encode.py:41|0f3a";
    } else {
      manifest.artifacts = {{"bitrate", Reference::inlined(TypeTag::integer, std::string(1, '\x17'))}};
      manifest.own = 1;
    }
    if (fan_out) manifest.next.fan_out = Transition::FanOut{fan_out, Reference::inlined(TypeTag::null, {})};
    row.manifest = encode(manifest);
    if (log_) {
      std::string text = "encoding " + task.label + "\n";
      row.log.begin = log_->append(task.number, number, LogStream::out, task.started, text);
      row.log.out_bytes = text.size();
      if (fails) {
        std::string trace =
            "Traceback (most recent call last):\n  File \"encode.py\", line 41, in encode\n\x1b[31mKeyError: "
            "'bitrate'\x1b[0m\n";
        row.log.first_error =
            static_cast<std::int64_t>(log_->append(task.number, number, LogStream::err, task.ended, trace));
        row.log.err_bytes = trace.size();
      }
      row.log.end = log_->position();
    }
    return row;
  }

  client::Connection& home_;
  RunRow row_;
  Lease lease_;
  Micros now_ = 0;
  std::int64_t number_ = 0;
  Commit commit_;
  std::optional<LogWriter> log_;
};

IndexPath item(std::uint64_t index) { return IndexPath{}.with(IndexPath::Kind::item, index); }

void write_runs(client::Connection& home, std::int64_t count, Micros begin) {
  for (std::int64_t i = 0; i < count; ++i) {
    Script run(home, i % 3 ? "Encode" : "Rank", begin + i * 60'000'000,
               i % 5 ? std::vector<std::string>{} : std::vector<std::string>{"nightly"});
    run.add("start", {}, "");
    run.end(i % 11 ? RunState::done : RunState::failed, i % 11 ? "" : "encode/[3]: KeyError: 'bitrate'");
  }
}

void write_large(client::Connection& home, std::int64_t tasks, Micros begin) {
  Script run(home, "Encode", begin, {"large"});
  run.open_log();
  run.add("start", {}, "", static_cast<std::uint64_t>(tasks));
  for (std::int64_t i = 0; i < tasks; ++i) {
    char title[32];
    std::snprintf(title, sizeof title, "title %06d", static_cast<int>(i * 7 % tasks));
    run.add("encode", item(static_cast<std::uint64_t>(i)), title);
  }
  run.end(RunState::failed, "encode/[15]: KeyError: 'bitrate'");
  std::printf("%s\n", run.pathspec().c_str());
}

void write_live(client::Connection& home, std::int64_t rate, std::int64_t seconds) {
  using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::steady_clock;
  Script run(home, "Live", system_clock().now(), {});
  std::filesystem::create_directories(home.home().run(run.row().flow, run.row().run_id));
  auto lock = system_files().try_lock(home.home().lease(run.row().flow, run.row().run_id));
  std::printf("%s\n", run.pathspec().c_str());
  std::fflush(stdout);
  run.add("start", {}, "", static_cast<std::uint64_t>(rate * seconds));
  run.flush();
  const auto begin = steady_clock::now();
  std::int64_t done = 0;
  while (done < rate * seconds) {
    std::this_thread::sleep_for(milliseconds(50));
    auto due = std::min(rate * seconds, duration_cast<milliseconds>(steady_clock::now() - begin).count() * rate / 1000);
    run.set_now(system_clock().now());
    for (; done < due; ++done)
      run.add("encode", item(static_cast<std::uint64_t>(done)), "title " + std::to_string(done));
    run.flush();
  }
  run.end(RunState::done);
}

int make(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: console_fixture HOME RUNS TASKS | HOME live RATE SECONDS\n", stderr);
    return 2;
  }
  Home folder{argv[1]};
  std::filesystem::create_directories(folder.root);
  client::Connection home(folder);
  if (std::string(argv[2]) == "live") {
    write_live(home, std::atoll(argv[3]), argc > 4 ? std::atoll(argv[4]) : 10);
    return 0;
  }
  constexpr Micros begin = 1'763'829'152'000'000;
  write_runs(home, std::atoll(argv[2]), begin);
  if (std::int64_t tasks = std::atoll(argv[3])) write_large(home, tasks, begin + 900'000'000'000);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return make(argc, argv);
  } catch (const Error& e) {
    std::fprintf(stderr, "console_fixture: %s\n", e.what());
    return 1;
  }
}
