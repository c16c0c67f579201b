#include "backlot/client/run.h"

#include "backlot/base/nearest.h"
#include "backlot/client/lease_probe.h"

namespace backlot::client {
std::string_view name_of(RunStatus status) {
  return status == RunStatus::lost ? "lost" : backlot::name_of(static_cast<RunState>(status));
}

Step::Step(ConnectionPtr home, RunRow run, StepRow row)
    : home_(std::move(home)), run_(std::move(run)), row_(std::move(row)) {}

std::string Step::pathspec() const { return address(run_) + "/" + row_.step; }

std::vector<Task> Step::tasks(std::int64_t after, std::size_t limit) const {
  std::vector<Task> found;
  for (TaskRow& row : home_->catalog->tasks(run_.key, row_.step, after, limit)) {
    found.emplace_back(home_, run_, std::move(row));
  }
  return found;
}

Task Step::task(const std::variant<std::int64_t, IndexPath>& address) const {
  const auto* number = std::get_if<std::int64_t>(&address);
  auto row = number ? home_->catalog->task(run_.key, *number)
                    : home_->catalog->task(run_.key, row_.step, std::get<IndexPath>(address).key());
  if (row && row->step == row_.step) return Task(home_, run_, std::move(*row));
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

Run::Run(ConnectionPtr home, RunRow row) : home_(std::move(home)), row_(std::move(row)) {}

std::string Run::pathspec() const { return address(row_); }

RunStatus Run::status() const {
  if (row_.state != RunState::running) return static_cast<RunStatus>(row_.state);
  return is_held(home_->home, row_, home_->clock.now()) ? RunStatus::running : RunStatus::lost;
}

std::vector<Artifact> Run::parameters() const {
  std::vector<Artifact> found;
  for (NamedReference& p : home_->catalog->parameters(row_.key)) {
    found.emplace_back(home_, pathspec(), p.name, std::move(p.value));
  }
  return found;
}

Graph Run::graph() const { return decode_graph(home_->catalog->graph(row_.key)); }

std::vector<Step> Run::steps() const {
  std::vector<Step> found;
  for (StepRow& row : home_->catalog->steps(row_.key)) found.emplace_back(home_, row_, std::move(row));
  return found;
}

Step Run::step(std::string_view name) const {
  std::vector<std::string> names;
  for (Step& step : steps()) {
    if (step.name() == name) return step;
    names.push_back(step.name());
  }
  std::string subject = pathspec() + " has no step \"" + std::string(name) + "\"";
  if (graph().find(name) != no_node)
    throw Error(ErrorCode::not_found, pathspec() + ": step " + std::string(name) + " has not run");
  throw Error(ErrorCode::not_found, subject, suggestion(name, names));
}

std::vector<Metadatum> Run::metadata() const { return home_->catalog->metadata(row_.key, 0); }

Artifact Run::artifact(std::string_view name) const {
  for (const Artifact& p : parameters()) {
    if (p.name() == name) return p;
  }
  Graph nodes = graph();
  for (std::size_t i = 0; i < nodes.nodes.size(); ++i) {
    bool last = is_task(nodes.nodes[i].kind) && nodes.after(NodeId(i)).empty();
    if (last) return step(nodes.nodes[i].name).tasks(0, 1).at(0).artifact(name);
  }
  throw Error(ErrorCode::corrupt, pathspec() + ": its graph has no last step", "run `backlot fsck`");
}

LogReader Run::log() const { return LogReader(home_->files, home_->home.log(row_.flow, row_.run_id)); }

}  // namespace backlot::client
