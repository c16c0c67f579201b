#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string pathspec, user, tag, project, state;
  std::size_t limit = 20;
  bool json = false;
};

Table runs_table(Context& context, const std::vector<client::Run>& runs) {
  Table table({"RUN", "STATE", "TASKS", "STARTED", "TOOK", "USER", "TAGS", "FAILURE"});
  const Micros now = context.open().now();
  for (const client::Run& run : runs) {
    const RunRow& row = run.row();
    std::string tags;
    for (const std::string& tag : row.tags) tags += (tags.empty() ? "" : ", ") + tag;
    client::RunStatus status = run.status();
    Micros until = row.ended ? row.ended : status == client::RunStatus::lost ? row.heartbeat : now;
    table.add({run.pathspec(),
               cell_of(status),
               std::to_string(row.tasks_done) + "/" + std::to_string(row.tasks),
               time_text(row.created),
               duration_text(until - row.created),
               row.user,
               tags,
               {row.failure, Colour::red}});
  }
  return table;
}

Table steps_table(const std::vector<client::Step>& steps) {
  Table table({"STEP", "TASKS", "DONE", "RUNNING", "FAILED", "STARTED", "TOOK"});
  auto count = [](std::int64_t n) { return n ? std::to_string(n) : std::string(); };
  for (const client::Step& step : steps) {
    const StepRow& row = step.row();
    bool over = row.done + row.failed == row.tasks && row.last_ended >= row.first_started;
    table.add({row.step,
               std::to_string(row.tasks),
               std::to_string(row.done),
               count(row.running),
               {count(row.failed), Colour::red},
               time_text(row.first_started),
               duration_text(over ? row.last_ended - row.first_started : -1)});
  }
  return table;
}

Table tasks_table(const std::vector<client::Task>& tasks) {
  Table table({"TASK", "PATH", "STATE", "LABEL", "ATTEMPTS", "STARTED", "TOOK", "NOTE"});
  for (const client::Task& task : tasks) {
    const TaskRow& row = task.row();
    std::string note = row.waiting.empty() ? row.note : "waits for " + row.waiting;
    std::string attempts = row.attempts > 1 ? std::to_string(row.attempts) : "";
    table.add({task.pathspec(), task.path().text(), cell_of(row.state), row.label, attempts, time_text(row.started),
               duration_text(row.ended && row.started ? row.ended - row.started : -1), note});
  }
  return table;
}

Table artifacts_table(const std::vector<client::Artifact>& artifacts) {
  Table table({"ARTIFACT", "TYPE", "SIZE", "IDENTITY"});
  for (const client::Artifact& a : artifacts) {
    table.add({a.name(),
               std::string(name_of(a.type())),
               verbs::bytes_text(a.size()),
               {a.identity().hex().substr(0, 12), Colour::grey}});
  }
  return table;
}

RunFilter filter_of(const Options& options) {
  RunFilter filter;
  filter.user = options.user;
  filter.tag = options.tag;
  filter.project = options.project;
  filter.limit = options.limit;
  for (RunState state : {RunState::running, RunState::done, RunState::failed, RunState::cancelled}) {
    if (options.state == name_of(state)) filter.state = state;
  }
  return filter;
}

/// Whether a run that has not ended is lost is known by looking at each.
std::vector<client::Run> runs_of(client::Client& client, const RunFilter& filter, const std::string& state) {
  if (state != "running" && state != "lost") return client.runs(filter);
  RunFilter all = filter;
  all.state = RunState::running;
  all.limit = INT64_MAX;
  std::vector<client::Run> runs = client.runs(all);
  std::erase_if(runs, [&](const client::Run& run) { return name_of(run.status()) != state; });
  if (runs.size() > filter.limit) runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(filter.limit), runs.end());
  return runs;
}

template <class T>
int show(const Options& options, const std::vector<T>& items, const Table& table) {
  if (options.json) {
    print(verbs::as_json(items) + "\n");
  } else if (!items.empty()) {
    print(table);
  }
  return 0;
}

int list(Context& context, const Options& options) {
  client::Client& client = context.open();
  RunFilter filter = filter_of(options);
  if (options.pathspec.empty()) {
    auto runs = runs_of(client, filter, options.state);
    return show(options, runs, runs_table(context, runs));
  }
  Pathspec spec = Pathspec::parse(options.pathspec);
  if (!spec.artifact.empty()) throw Error(ErrorCode::usage, "nothing lies under an artifact", "see `get`");
  if (!spec.run) {
    filter.flow = client.flow(spec.flow).name();
    auto runs = runs_of(client, filter, options.state);
    return show(options, runs, runs_table(context, runs));
  }
  if (spec.step.empty()) {
    auto steps = client.run(spec).steps();
    return show(options, steps, steps_table(steps));
  }
  if (!spec.task) {
    auto tasks = client.step(spec).tasks(0, options.limit);
    return show(options, tasks, tasks_table(tasks));
  }
  auto artifacts = client.task(spec).artifacts();
  return show(options, artifacts, artifacts_table(artifacts));
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("pathspec", options->pathspec, "what to look into; nothing: the newest runs of all flows");
  line.add("--limit", options->limit, "at most this many runs or tasks").shows_default();
  line.add("--user", options->user, "only runs of this user");
  line.add("--tag", options->tag, "only runs with this tag");
  line.add("--project", options->project, "only runs of this project");
  line.add("--state", options->state, "only runs in this state")
      .one_of({"running", "lost", "done", "failed", "cancelled"});
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) { return list(context, *options); };
}

}  // namespace

extern const Verb list_verb;
const Verb list_verb{"list", "runs, or what is in a run, a step, a task", declare};

}  // namespace backlot::cli
