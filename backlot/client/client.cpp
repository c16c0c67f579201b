#include "backlot/client/client.h"

#include <algorithm>

#include "backlot/base/identity.h"
#include "backlot/base/nearest.h"
#include "backlot/client/run_handle.h"
#include "backlot/client/run_log.h"

namespace backlot::client {

Flow::Flow(ConnectionPtr home, std::string name) : home_(std::move(home)), name_(std::move(name)) {}

std::int64_t Flow::run_count() const { return home_->catalog().run_count(name_); }

std::vector<Run> Flow::runs(std::size_t limit) const {
  RunFilter filter;
  filter.flow = name_;
  filter.limit = limit;
  return Client(home_).runs(filter);
}

Client::Client(const Home& home) : home_(std::make_shared<Connection>(home)) {}
Client::Client(ConnectionPtr home) : home_(std::move(home)) {}

const ConnectionPtr& opened(const Client& client) { return client.home_; }

const Home& Client::home() const { return home_->home(); }
Micros Client::now() const { return home_->clock().now(); }
BlobReader& Client::blobs() const { return home_->store(); }
void Client::close() { home_->close(); }

std::vector<Flow> Client::flows() const {
  std::vector<Flow> found;
  for (std::string& name : home_->catalog().flows()) found.emplace_back(home_, std::move(name));
  return found;
}

Flow Client::flow(std::string_view name) const {
  std::vector<std::string> names = home_->catalog().flows();
  if (std::find(names.begin(), names.end(), name) != names.end()) return Flow(home_, std::string(name));
  std::string hint = names.empty() ? "nothing has run in " + home().root + " yet" : suggestion(name, names);
  throw Error(ErrorCode::not_found, "no flow \"" + std::string(name) + "\"", hint);
}

std::vector<Run> Client::runs(const RunFilter& filter) const {
  std::vector<Run> found;
  for (RunRow& row : home_->catalog().runs(filter))
    found.emplace_back(std::make_shared<RunHandle>(home_, std::move(row)));
  return found;
}

Run Client::run(const Pathspec& spec) const {
  if (!spec.run) throw Error(ErrorCode::usage, spec.text() + ": say which run", "such as " + spec.flow + "/last");
  const auto* id = std::get_if<std::int64_t>(&*spec.run);
  if (id) {
    if (auto known = find_run(spec.flow, *id)) return *known;
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

std::optional<Run> Client::as_run(std::optional<RunRow> row) const {
  if (!row) return std::nullopt;
  return Run(std::make_shared<RunHandle>(home_, std::move(*row)));
}

std::optional<Run> Client::find_run(RunKey key) const { return as_run(home_->catalog().run(key)); }

std::optional<Run> Client::find_run(std::string_view flow, std::int64_t run_id) const {
  return as_run(home_->catalog().run(flow, run_id));
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

std::optional<LogReader> Client::log_of(RunKey run) const { return client::log_of(*home_, run); }

}  // namespace backlot::client
