#include "backlot/client/run.h"

#include "backlot/base/digest.h"
#include "backlot/base/nearest.h"
#include "backlot/client/lease_probe.h"
#include "backlot/client/run_handle.h"

namespace backlot::client {
std::string_view name_of(RunStatus status) {
  return status == RunStatus::lost ? "lost" : backlot::name_of(static_cast<RunState>(status));
}

// --- Step -----------------------------------------------------------------------------------------------------------

Step::Step(std::shared_ptr<RunHandle> of, StepRow row) : of_(std::move(of)), row_(std::move(row)) {}

std::string Step::pathspec() const { return of_->address() + "/" + row_.step; }

std::vector<Task> Step::tasks(std::int64_t after, std::size_t limit) const {
  std::vector<Task> found;
  for (TaskRow& row : of_->catalog().tasks(of_->key(), row_.step, after, limit))
    found.emplace_back(of_, std::move(row));
  return found;
}

Task Step::task(const std::variant<std::int64_t, IndexPath>& address) const {
  const auto* number = std::get_if<std::int64_t>(&address);
  auto row = number ? of_->catalog().task(of_->key(), *number)
                    : of_->catalog().task(of_->key(), row_.step, std::get<IndexPath>(address).key());
  if (row && row->step == row_.step) return Task(of_, std::move(*row));
  std::string text = number ? std::to_string(*number) : std::get<IndexPath>(address).text();
  std::string hint = row ? "task " + text + " is of step " + row->step : "see `backlot list " + pathspec() + "`";
  throw Error(ErrorCode::not_found, pathspec() + " has no task " + text, hint);
}

Task Step::only_task() const {
  std::vector<Task> first = tasks(0, 2);
  if (first.size() == 1) return first[0];
  throw Error(ErrorCode::usage, pathspec() + " has " + std::to_string(row_.tasks) + " tasks: say which",
              first.empty() ? "" : "such as " + first[0].pathspec());
}

std::optional<Task> Step::last_ended(std::string_view prefix) const {
  auto row = of_->catalog().last_ended(of_->key(), row_.step, prefix);
  if (!row) return std::nullopt;
  return Task(of_, std::move(*row));
}

// --- Run ------------------------------------------------------------------------------------------------------------

Run::Run(std::shared_ptr<RunHandle> of) : of_(std::move(of)) {}

const RunRow& Run::row() const { return of_->row; }

std::string Run::pathspec() const { return of_->address(); }

RunStatus Run::status() const {
  if (row().state != RunState::running) return static_cast<RunStatus>(row().state);
  const Connection& home = *of_->connection();
  return is_held(home.home(), row(), home.clock().now()) ? RunStatus::running : RunStatus::lost;
}

std::optional<Run> Run::origin() const {
  if (row().origin == no_run) return std::nullopt;
  auto origin = of_->catalog().run(row().origin);
  if (!origin) return std::nullopt;
  return Run(std::make_shared<RunHandle>(of_->connection(), std::move(*origin)));
}

std::vector<Artifact> Run::parameters() const {
  std::vector<Artifact> found;
  for (NamedReference& p : of_->catalog().parameters(key()))
    found.emplace_back(of_->connection(), pathspec(), p.name, std::move(p.value));
  return found;
}

Graph Run::graph() const { return of_->graph(); }

Digest Run::graph_digest() const { return sha256(of_->catalog().graph(key())); }

std::vector<Metadatum> Run::metadata() const { return of_->catalog().metadata(key(), 0); }

std::vector<Step> Run::steps() const {
  std::vector<Step> found;
  for (StepRow& row : of_->catalog().steps(key())) found.emplace_back(of_, std::move(row));
  return found;
}

Step Run::step(std::string_view name) const {
  std::vector<std::string> names;
  for (Step& step : steps()) {
    if (step.name() == name) return step;
    names.push_back(step.name());
  }
  std::string subject = pathspec() + " has no step \"" + std::string(name) + "\"";
  if (of_->graph().find(name) != no_node)
    throw Error(ErrorCode::not_found, pathspec() + ": step " + std::string(name) + " has not run");
  throw Error(ErrorCode::not_found, subject, suggestion(name, names));
}

std::vector<Task> Run::as_tasks(std::vector<TaskRow> rows) const {
  std::vector<Task> found;
  found.reserve(rows.size());
  for (TaskRow& row : rows) found.emplace_back(of_, std::move(row));
  return found;
}

std::optional<Task> Run::as_task(std::optional<TaskRow> row) const {
  if (!row) return std::nullopt;
  return Task(of_, std::move(*row));
}

std::vector<Task> Run::tasks(std::int64_t after, std::size_t limit) const {
  return as_tasks(of_->catalog().tasks(key(), "", after, limit));
}

std::vector<Task> Run::tasks(const TaskFilter& filter, std::size_t limit) const {
  return as_tasks(of_->catalog().tasks(key(), filter, limit));
}

std::optional<Task> Run::task(std::int64_t number) const { return as_task(of_->catalog().task(key(), number)); }

std::optional<Task> Run::task(std::string_view step, const IndexPath& path) const {
  return as_task(of_->catalog().task(key(), step, path.key()));
}

std::vector<Task> Run::changes(std::int64_t since, std::size_t limit) const {
  return as_tasks(of_->catalog().changes(key(), since, limit));
}

void Run::each_finished(const std::function<void(const TaskRow&, const AttemptRow&)>& visit) const {
  of_->catalog().each_finished(key(), visit);
}

FailureGroups Run::failures(std::size_t limit) const { return of_->catalog().failures(key(), limit); }

std::vector<WaitingGroup> Run::waiting(std::size_t limit) const { return of_->catalog().waiting(key(), limit); }

std::vector<ControlRequest> Run::requests() const { return of_->catalog().requests(key()); }

Artifact Run::artifact(std::string_view name) const {
  for (const Artifact& p : parameters()) {
    if (p.name() == name) return p;
  }
  const Graph& nodes = of_->graph();
  for (std::size_t i = 0; i < nodes.nodes.size(); ++i) {
    bool last = is_task(nodes.nodes[i].kind) && nodes.after(NodeId(i)).empty();
    if (last) return step(nodes.nodes[i].name).tasks(0, 1).at(0).artifact(name);
  }
  throw Error(ErrorCode::corrupt, pathspec() + ": its graph has no last step", "run `backlot fsck`");
}

LogReader Run::log() const {
  const Connection& home = *of_->connection();
  return LogReader(home.files(), home.home().log(row().flow, row().run_id));
}

}  // namespace backlot::client
