#include <unistd.h>

#include <algorithm>
#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"

namespace backlot::cli {
namespace {

std::string heading(const std::string& text) {
  return "\n" + coloured(text, Colour::bold, colours_on(STDOUT_FILENO)) + "\n";
}

/// In a cell of a table: what stands on lines of its own follows a semicolon.
std::string failure_text(const Failure& failure) {
  std::string text = describe(failure);
  for (std::size_t at; (at = text.find('\n')) != text.npos;)
    text.replace(at, std::min(text.size(), text.find_first_not_of(" \n", at)) - at, "; ");
  return text + (failure.place.empty() ? "" : " (" + failure.place + ")");
}

std::string log_text(const LogIndex& log) {
  std::string kept = verbs::bytes_text(log.out_bytes + log.err_bytes);
  return log.dropped_bytes ? kept + ", left out " + verbs::bytes_text(log.dropped_bytes) : kept;
}

void print_attempts(const verbs::TaskDetails& details) {
  Table table({"ATTEMPT", "STATE", "STARTED", "TOOK", "CPU", "MEMORY", "LOG", "FAILURE"});
  for (const verbs::AttemptDetails& attempt : details.attempts) {
    const AttemptRow& row = attempt.row;
    bool measured = row.usage.source != Usage::Source::none;
    std::string failure;
    if (attempt.manifest && attempt.manifest->failure) failure = failure_text(*attempt.manifest->failure);
    table.add({std::to_string(row.attempt),
               cell_of(row.state),
               time_text(row.started),
               duration_text(row.ended ? row.ended - row.started : -1),
               measured ? duration_text(row.usage.user_us + row.usage.system_us) : "",
               measured ? verbs::bytes_text(static_cast<std::uint64_t>(row.usage.peak_rss_bytes)) : "",
               log_text(row.log),
               {failure, Colour::red}});
  }
  print(table);
}

void print_task(const verbs::TaskDetails& details) {
  print(details.task.pathspec() + " " + details.task.path().text() + "\n" + heading("attempts"));
  print_attempts(details);
  if (!details.artifacts.empty()) {
    print(heading("artifacts"));
    Table table({"NAME", "TYPE", "SIZE"});
    for (const client::Artifact& a : details.artifacts) {
      table.add({a.name(), std::string(name_of(a.type())), verbs::bytes_text(a.size())});
    }
    print(table);
  }
  for (const Metadatum& m : details.metadata) print(m.key + ": " + m.value + "\n");
}

void print_failures(const verbs::FailuresSeen& failures) {
  std::int64_t tasks = failures.more_tasks;
  for (const verbs::FailureKindSeen& kind : failures.kinds) tasks += kind.tasks;
  if (tasks < 2) return;
  print(heading("failures"));
  Table table({"TASKS", "FAILURE", "FIRST"});
  for (const verbs::FailureKindSeen& kind : failures.kinds)
    table.add(
        {std::to_string(kind.tasks), {shortened(failure_text(kind.failure)), Colour::red}, kind.first.pathspec()});
  print(table);
  if (failures.more_tasks)
    print("and " + std::to_string(failures.more_tasks) + " more in " + std::to_string(failures.more_kinds) +
          " groups\n");
  if (std::any_of(failures.kinds.begin(), failures.kinds.end(), [](auto& kind) { return kind.whole_message; }))
    print("an older version recorded some of these: they are grouped only where their messages are equal\n");
}

void print_run(const verbs::RunDetails& details) {
  const RunRow& row = details.run.row();
  Table facts({"RUN", "STATE", "TASKS", "STARTED", "ENDED", "USER", "HOST"});
  facts.add({details.run.pathspec(), cell_of(details.status),
             std::to_string(row.tasks_done) + "/" + std::to_string(row.tasks), time_text(row.created),
             time_text(row.ended), row.user, row.host});
  print(facts);
  if (!details.origin.empty()) print("resumes " + details.origin + "\n");
  if (!row.failure.empty()) print(coloured(row.failure, Colour::red, colours_on(STDOUT_FILENO)) + "\n");
  for (const ControlRequest& r : details.requests)
    print("asked by " + r.user + ": " + r.kind + " " + r.argument + "\n");
  if (!details.parameters.empty()) {
    print(heading("parameters"));
    Table table({"NAME", "VALUE"});
    for (const client::Artifact& p : details.parameters) table.add({p.name(), shortened(p.json())});
    print(table);
  }
  print(heading("steps"));
  Table steps({"STEP", "DONE", "RUNNING", "FAILED"});
  auto count = [](std::int64_t n) { return n ? std::to_string(n) : std::string(); };
  for (const client::Step& step : details.steps) {
    steps.add({step.name(),
               std::to_string(step.row().done) + "/" + std::to_string(step.row().tasks),
               count(step.row().running),
               {count(step.row().failed), Colour::red}});
  }
  print(steps);
  print_failures(details.failures);
  for (const verbs::TaskDetails& task : details.failed) {
    print(heading("failed: " + task.task.pathspec() + " " + task.task.path().text()));
    print_attempts(task);
  }
}

int show(Context& context, const std::string& pathspec, bool json) {
  client::Client& client = context.open();
  Pathspec spec = Pathspec::parse(pathspec);
  if (!spec.artifact.empty()) throw Error(ErrorCode::usage, pathspec + " is an artifact", "see `get`");
  if (spec.step.empty()) {
    verbs::RunDetails run = verbs::show_run(client, spec);
    json ? print(verbs::as_json(run) + "\n") : print_run(run);
  } else {
    verbs::TaskDetails task = verbs::show_task(client.task(spec));
    json ? print(verbs::as_json(task) + "\n") : print_task(task);
  }
  return 0;
}

struct Options {
  std::string pathspec;
  bool json = false;
};

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("pathspec", options->pathspec, "a run or a task").required();
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) { return show(context, options->pathspec, options->json); };
}

}  // namespace

extern const Verb show_verb;
const Verb show_verb{"show", "all that is known of a run or a task", declare};

}  // namespace backlot::cli
