// Tasks of a run: all of them as columns, some of them by page, one with all that is known of it.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "backlot/server/api.h"
#include "backlot/server/columns.h"
#include "backlot/server/preview.h"
#include "backlot/server/sorting.h"
#include "backlot/verbs/json_of.h"

namespace backlot::server {
namespace {

using client::Client;
using client::Run;
using client::Task;

constexpr std::size_t most_links = 20;

Response columns(const Request& request, Client& client) {
  const Run run = run_of(request, client);
  auto limit = static_cast<std::size_t>(request.number("limit", 200'000, 1, 1'000'000));
  return answer(columns_of(run, request.number("after", 0, 0, INT64_MAX), limit));
}

Json json_of_task(const Task& task, const Client& client) {
  Json json = verbs::json_of(task);
  if (!task.row().is_clone()) return json;
  json.erase("cloned_from_task");
  if (auto origin = client.find_run(task.row().origin))
    json["cloned_from"] = origin->pathspec() + "/" + task.row().step + "/" + std::to_string(task.row().origin_task);
  return json;
}

std::optional<TaskState> state_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  for (TaskState s : {TaskState::ready, TaskState::running, TaskState::done, TaskState::failed, TaskState::cancelled})
    if (text == name_of(s)) return s;
  throw Error(ErrorCode::usage, "there is no state \"" + text + "\"", "ready, running, done, failed or cancelled");
}

/// "[3]" or "17": the one task that it names, else empty.
std::optional<Task> named_task(const std::string& text, const TaskFilter& filter, const Run& run) {
  if (auto path = IndexPath::parse(text); path && !filter.step.empty()) return run.task(filter.step, *path);
  bool digits = !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? run.task(std::stoll(text)) : std::nullopt;
}

constexpr std::array<std::pair<std::string_view, TaskOrder>, 8> task_orders{{
    {"task", TaskOrder::number},
    {"step", TaskOrder::step},
    {"state", TaskOrder::state},
    {"label", TaskOrder::label},
    {"attempts", TaskOrder::attempts},
    {"started", TaskOrder::started},
    {"waited", TaskOrder::waited},
    {"took", TaskOrder::took},
}};

/// True when the query says in which order; the next page is then known by how many came before it.
bool order_as_asked(const Request& request, TaskFilter& filter) {
  std::vector<std::string_view> names;
  for (const auto& [name, order] : task_orders) names.push_back(name);
  const Sorting sorting = sorting_of(request, names);
  if (!sorting) return false;
  for (const auto& [name, order] : task_orders)
    if (name == sorting.by) filter.order = order;
  filter.descending = sorting.descending;
  std::swap(filter.skip, filter.after);
  return true;
}

Response list(const Request& request, Client& client) {
  const Run run = run_of(request, client);
  TaskFilter filter;
  filter.step = request.text("step");
  filter.state = state_of(request.text("state"));
  filter.text = request.text("q");
  filter.after = request.number("after", 0, 0, INT64_MAX);
  const bool is_first_page = filter.after == 0;
  const bool is_sorted = order_as_asked(request, filter);
  auto limit = static_cast<std::size_t>(request.number("limit", 100, 1, 5000));
  std::vector<Task> tasks = run.tasks(filter, limit + 1);
  Json json{{"tasks", Json::array()}};
  if (tasks.size() > limit) {
    tasks.pop_back();
    json["after"] = is_sorted ? filter.skip + static_cast<std::int64_t>(limit) : tasks.back().number();
  }
  if (auto named = named_task(filter.text, filter, run); named && is_first_page) {
    std::erase_if(tasks, [&](const Task& task) { return task.number() == named->number(); });
    tasks.insert(tasks.begin(), std::move(*named));
  }
  for (const Task& task : tasks) json["tasks"].push_back(json_of_task(task, client));
  return answer(json);
}

void put_links(Json& json, const char* name, const std::vector<Task>& tasks, std::uint64_t count) {
  Json links = Json::array();
  for (const Task& task : tasks) links.push_back(link_to(task.row()));
  json[name] = std::move(links);
  json[std::string(name) + "_count"] = count;
}

/// What the task saw and did not write: of the tasks before it, and the parameters.
Json inherited(const Task& task) {
  Json list = Json::array();
  auto seen = task.seen();
  if (!seen) return list;
  std::set<std::string> own;
  for (const client::Artifact& a : task.artifacts()) own.insert(a.name());
  for (const client::Artifact& a : *seen)
    if (!own.contains(a.name())) list.push_back(verbs::json_of(a));
  return list;
}

/// With whether it is a page; one whose bytes are missing says so.
Json json_of_artifact(const client::Artifact& artifact) {
  Json json = verbs::json_of(artifact);
  try {
    if (is_page(artifact)) json["card"] = true;
  } catch (const Error& e) { json["trouble"] = json_of_trouble(e); }
  return json;
}

Response show_task(const Request& request, Client& client) {
  const Task task = task_of(request, client);
  const Run run = run_of(request, client);
  Json json = json_of_task(task, client);
  json["run"] = json_of_run(run);
  for (const char* list : {"attempt_list", "artifacts", "inherited", "metadata", "before", "after"})
    json[list] = Json::array();
  json["before_count"] = json["after_count"] = 0;
  put_part(json, "attempt_list", [&] {
    for (const AttemptRow& row : task.attempts())
      json["attempt_list"].push_back(verbs::json_of(verbs::details_of(row)));
  });
  put_part(json, "artifacts", [&] {
    for (const client::Artifact& a : task.artifacts()) json["artifacts"].push_back(json_of_artifact(a));
  });
  put_part(json, "inherited", [&] { json["inherited"] = inherited(task); });
  put_part(json, "metadata", [&] { json["metadata"] = verbs::json_of(task.metadata()); });
  put_part(json, "before", [&] { put_links(json, "before", task.parents(most_links), task.parent_count()); });
  put_part(json, "after", [&] { put_links(json, "after", task.children(most_links), task.child_count()); });
  return answer(json);
}

}  // namespace

std::vector<Route> task_routes() {
  return {{"GET", "/api/v1/runs/{flow}/{run}/columns", Role::reader, columns},
          {"GET", "/api/v1/runs/{flow}/{run}/tasks", Role::reader, list},
          {"GET", "/api/v1/runs/{flow}/{run}/tasks/{task}", Role::reader, show_task}};
}

}  // namespace backlot::server
