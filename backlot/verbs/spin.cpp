#include "backlot/verbs/spin.h"
#include "backlot/home/open.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "backlot/base/event_loop.h"
#include "backlot/base/nearest.h"
#include "backlot/client/connection.h"
#include "backlot/engine/outcome.h"
#include "backlot/engine/replay.h"
#include "backlot/exec/local_executor.h"
#include "backlot/verbs/task_runner.h"

namespace backlot::verbs {
namespace {

NodeId node_of(const Graph& graph, const std::string& step) {
  NodeId node = graph.find(step);
  if (node != no_node) return node;
  std::vector<std::string> steps;
  for (const Node& n : graph.nodes) {
    if (is_task(n.kind)) steps.push_back(n.name);
  }
  throw Error(ErrorCode::usage, "no step is named '" + step + "'", suggestion(step, steps));
}

/// The path of the task that is asked for; empty when none is and the run has none of the step.
std::optional<IndexPath> path_of(const client::Client& client, const Pathspec& spec, const client::Run& run) {
  if (spec.task && std::holds_alternative<IndexPath>(*spec.task)) return std::get<IndexPath>(*spec.task);
  if (spec.task) return client.task(spec).path();
  std::optional<TaskRow> chosen;
  run.each_finished([&](const TaskRow& task, const AttemptRow&) {
    if (task.step != spec.step) return;
    bool first_failed = task.state == TaskState::failed && chosen && chosen->state != TaskState::failed;
    if (!chosen || first_failed) chosen = task;
  });
  return chosen ? IndexPath::from_key(chosen->path) : std::nullopt;
}

/// Waits for one attempt.
class OneTask : public ExecutorEvents {
 public:
  OneTask(EventLoop& loop, const SpinOutput& output) : loop_(loop), output_(output) {}
  void on_started(LaunchId, Micros, std::int64_t) override {}
  void on_output(LaunchId, Stream stream, std::string_view bytes) override { output_(stream, bytes); }
  void on_label(LaunchId, std::string_view) override {}
  void on_progress(LaunchId, double, std::string_view) override {}
  void on_exit(LaunchId, Exit&& ended) override {
    exit = std::move(ended);
    loop_.stop();
  }
  Exit exit;

 private:
  EventLoop& loop_;
  const SpinOutput& output_;
};

void run_task(const Graph& graph, const TaskFrame& frame, ForkServer server, const SpinOutput& on_output,
              SpinReport& report) {
  constexpr LaunchId only(1);
  EventLoop loop;
  LocalExecutor executor(loop, std::move(server));
  OneTask task(loop, on_output);
  executor.set_events(&task);
  bool interrupted = false;
  loop.on_signals({SIGINT, SIGTERM, SIGHUP}, [&](int) {
    interrupted = true;
    executor.stop(only, Stop::now);
  });
  const Decorators& with = graph.node(frame.node).with;
  auto began = system_clock().monotonic();
  executor.launch({only, encode(frame), {}, with.environment});
  loop.run();
  report.seconds = std::chrono::duration<double>(system_clock().monotonic() - began).count();
  report.manifest = outcome_of(task.exit, {.cancelled = interrupted});
  report.usage = task.exit.usage;
}

}  // namespace

SpinReport spin(const FlowCode& flow, const SpinOptions& options, const SpinOutput& on_output) {
  NodeId step = node_of(flow.graph(), options.task.step);
  setenv("BACKLOT_HOME", options.home.root.c_str(), 1);
  auto store = open_store(options.home);
  // Before there is a catalog: the runner is to be small.
  ForkServer server = spawn_fork_server(task_runner(flow, *store));
  client::Client client(options.home);
  const client::Run read = client.run(options.task);
  const RunRow& run = read.row();

  SpinReport report;
  report.run = address(run);
  report.step = options.task.step;
  auto path = path_of(client, options.task, read);
  std::filesystem::create_directories(temp_root());
  Replay replay(opened(client)->catalog(), run, flow.graph(), system_files(), *store, temp_root());
  auto frame = replay.frame_of(step, path);
  if (!frame) {
    std::string where = report.step + (path && !path->parts.empty() ? "/" + path->text() : "");
    throw Error(ErrorCode::usage, report.run + " did not come as far as " + where, "name another run: see `list`");
  }
  report.path = frame->path;
  run_task(flow.graph(), *frame, std::move(server), on_output, report);
  std::error_code ignored;
  std::filesystem::remove_all(temp_root(), ignored);
  for (std::uint32_t i = 0; i < report.manifest.own; ++i) {
    const NamedReference& a = report.manifest.artifacts[i];
    report.artifacts.emplace_back(opened(client), report.run + "/" + report.step, a.name, a.value);
  }
  return report;
}

}  // namespace backlot::verbs
