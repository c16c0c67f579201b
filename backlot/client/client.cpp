#include "backlot/client/client.h"

#include <algorithm>

#include "backlot/base/identity.h"
#include "backlot/base/nearest.h"

namespace backlot::client {

Flow::Flow(ConnectionPtr home, std::string name) : home_(std::move(home)), name_(std::move(name)) {}

std::vector<Run> Flow::runs(std::size_t limit) const {
  RunFilter filter;
  filter.flow = name_;
  filter.limit = limit;
  return Client(home_).runs(filter);
}

Client::Client(const Home& home) : home_(open_home(home)) {}
Client::Client(ConnectionPtr home) : home_(std::move(home)) {}

std::vector<Flow> Client::flows() const {
  std::vector<Flow> found;
  for (std::string& name : home_->catalog->flows()) found.emplace_back(home_, std::move(name));
  return found;
}

Flow Client::flow(std::string_view name) const {
  std::vector<std::string> names = home_->catalog->flows();
  if (std::find(names.begin(), names.end(), name) != names.end()) return Flow(home_, std::string(name));
  std::string hint = names.empty() ? "nothing has run in " + home_->home.root + " yet" : suggestion(name, names);
  throw Error(ErrorCode::not_found, "no flow \"" + std::string(name) + "\"", hint);
}

std::vector<Run> Client::runs(const RunFilter& filter) const {
  std::vector<Run> found;
  for (RunRow& row : home_->catalog->runs(filter)) found.emplace_back(home_, std::move(row));
  return found;
}

Run Client::run(const Pathspec& spec) const {
  if (!spec.run) throw Error(ErrorCode::usage, spec.text() + ": say which run", "such as " + spec.flow + "/last");
  const auto* id = std::get_if<std::int64_t>(&*spec.run);
  if (id) {
    if (auto row = home_->catalog->run(spec.flow, *id)) return Run(home_, std::move(*row));
  }
  RunFilter filter;
  filter.flow = flow(spec.flow).name();
  filter.user = id ? "" : current_user();
  filter.limit = id ? 20 : 1;
  std::vector<Run> newest = runs(filter);
  if (!id && !newest.empty()) return newest[0];
  if (!id) {
    throw Error(ErrorCode::not_found, spec.flow + " has no run of " + filter.user,
                "see `backlot list " + spec.flow + "`");
  }
  std::vector<std::string> ids;
  for (const Run& run : newest) ids.push_back(std::to_string(run.row().run_id));
  auto near = nearest(std::to_string(*id), ids);
  throw Error(ErrorCode::not_found, spec.flow + " has no run " + std::to_string(*id),
              near ? "did you mean " + *near + "?" : "see `backlot list " + spec.flow + "`");
}

std::optional<Run> Client::run(const Run& earlier) const {
  auto row = home_->catalog->run(earlier.key());
  if (!row) return std::nullopt;
  return Run(home_, std::move(*row));
}

Step Client::step(const Pathspec& spec) const {
  Run of = run(spec);
  if (spec.step.empty())
    throw Error(ErrorCode::usage, spec.text() + ": say which step", "such as " + of.pathspec() + "/start");
  return of.step(spec.step);
}

Task Client::task(const Pathspec& spec) const {
  Step of = step(spec);
  return spec.task ? of.task(*spec.task) : of.only_task();
}

Artifact Client::artifact(const Pathspec& spec) const {
  if (!spec.artifact.empty()) return task(spec).artifact(spec.artifact);
  bool maybe_of_run = !spec.step.empty() && !spec.task;
  if (!maybe_of_run) throw Error(ErrorCode::usage, spec.text() + ": say which artifact");
  Run of = run(spec);
  if (of.graph().find(spec.step) == no_node) return of.artifact(spec.step);
  throw Error(ErrorCode::usage, spec.text() + " is a step: say which artifact of it");
}

}  // namespace backlot::client
