#include "backlot/server/api.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "backlot/verbs/json_of.h"

namespace backlot::server {

Response answer(const Json& json, int status) {
  return Response::json(json.dump(-1, ' ', false, Json::error_handler_t::replace), status);
}

Pathspec run_spec(const Request& request) {
  return Pathspec::parse(request.parts.at("flow") + "/" + request.parts.at("run"));
}

client::Run run_of(const Request& request, const client::Client& client) {
  Pathspec spec = run_spec(request);
  if (!spec.run) throw Error(ErrorCode::usage, "\"" + request.parts.at("run") + "\" is no run");
  return client.run(spec);
}

client::Task task_of(const Request& request, const client::Client& client) {
  const std::string& text = request.parts.at("task");
  client::Run run = run_of(request, client);
  std::int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc() && end == text.data() + text.size()) {
    if (auto task = run.task(number)) return *task;
    throw Error(ErrorCode::not_found, run.pathspec() + " has no task " + text);
  }
  Pathspec spec = Pathspec::parse(run.pathspec() + "/" + text);
  if (spec.step.empty() || !spec.artifact.empty())
    throw Error(ErrorCode::usage, "\"" + text + "\" is no task", "such as 17 or compute/[3]");
  return client.task(spec);
}

Json body_of(const Request& request) {
  try {
    Json json = Json::parse(request.body.empty() ? "{}" : request.body);
    if (json.is_object()) return json;
  } catch (const Json::exception& e) { throw Error(ErrorCode::usage, std::string("the body is no JSON: ") + e.what()); }
  throw Error(ErrorCode::usage, "the body is no JSON object");
}

Json json_of_trouble(const Error& error) {
  std::string hint = error.hint();
  bool is_damage = error.code() == ErrorCode::not_found || error.code() == ErrorCode::corrupt;
  if (is_damage)
    hint += std::string(hint.empty() ? "" : "; ") + "`backlot rerun` with the step that made it makes it again";
  return {{"message", error.what()}, {"hint", std::move(hint)}};
}

void put_part(Json& answer, const char* name, const std::function<void()>& make) {
  try {
    make();
  } catch (const Error& e) { answer["troubles"][name] = json_of_trouble(e); }
}

std::int64_t millis_after(Micros origin, Micros time) {
  if (!time) return -1;
  return time <= origin ? 0 : (time - origin) / 1000;
}

Json link_to(const TaskRow& task) {
  auto path = IndexPath::from_key(task.path);
  Json json{{"step", task.step}, {"task", task.number}, {"path", path ? path->text() : "?"}};
  if (!task.label.empty()) json["label"] = task.label;
  json["state"] = name_of(task.state);
  return json;
}

Json json_of_run(const client::Run& run) {
  Json json = verbs::json_of(run);
  ExpectedTasks expected{{}, run.row().tasks, false};
  if (run.row().state != RunState::done) {
    try {
      expected = expected_tasks(run);
    } catch (const Error&) { expected.at_least = true; }  // what is damaged is told on the run's page
  }
  json["progress"] = {{"total", expected.total}, {"at_least", expected.at_least}};
  if (auto origin = run.origin()) json["origin"] = origin->pathspec();
  return json;
}

namespace {

/// Tasks of the step that will run and do not yet: with a row, and items that a foreach has opened.
std::int64_t waiting_of(const StepRow& row, const ExpectedTasks& expected) {
  auto at = expected.by_step.find(row.step);
  std::int64_t all = at == expected.by_step.end() ? row.tasks : std::max(row.tasks, at->second);
  return all - row.done - row.failed - row.running;
}

}  // namespace

Json json_of_steps(const client::Run& run, const ExpectedTasks& expected) {
  const bool over = run.row().state != RunState::running;
  Json list = Json::array();
  for (const client::Step& step : run.steps()) {
    Json json = verbs::json_of(step);
    json["ready"] = over ? 0 : waiting_of(step.row(), expected);
    if (auto at = expected.by_step.find(step.name()); at != expected.by_step.end()) json["expected"] = at->second;
    list.push_back(std::move(json));
  }
  return list;
}

Json json_of_waiting(const client::Run& run, const ExpectedTasks& expected) {
  constexpr std::size_t most_reasons = 20;
  Json list = Json::array();
  if (run.row().state != RunState::running) return list;
  std::int64_t rest = 0;
  for (const client::Step& step : run.steps()) rest += waiting_of(step.row(), expected);
  for (const WaitingGroup& group : run.waiting(most_reasons)) {
    list.push_back({{"reason", group.reason}, {"tasks", group.tasks}});
    rest -= group.tasks;
  }
  if (rest > 0) list.push_back({{"reason", ""}, {"tasks", rest}});
  return list;
}

}  // namespace backlot::server
