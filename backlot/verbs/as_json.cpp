#include "backlot/verbs/as_json.h"

#include <nlohmann/json.hpp>

#include "backlot/verbs/json_of.h"

namespace backlot::verbs {
namespace {

/// Text that is not UTF-8, as a log or a file name may be, is shown with U+FFFD where it is not.
std::string text(const Json& json, int indent = 2) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void put_text(Json& to, const char* name, const std::string& value) {
  if (!value.empty()) to[name] = value;
}

template <class T>
Json list_of(const std::vector<T>& items, Json (*convert)(const T&)) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(convert(item));
  return list;
}

Json of_task_details(const TaskDetails& details) {
  Json json = json_of(details.task);
  json["attempt_list"] = list_of(details.attempts, json_of);
  json["artifacts"] = list_of(details.artifacts, json_of);
  json["metadata"] = json_of(details.metadata);
  return json;
}

Json of_failures(const FailuresSeen& seen) {
  Json kinds = Json::array();
  for (const FailureKindSeen& kind : seen.kinds) {
    kinds.push_back({{"tasks", kind.tasks},
                     {"text", heading_of(kind.failure)},
                     {"message", kind.failure.message},
                     {"first", kind.first.pathspec()}});
    if (kind.whole_message) kinds.back()["whole_message"] = true;
  }
  return {{"kinds", std::move(kinds)}, {"more_kinds", seen.more_kinds}, {"more_tasks", seen.more_tasks}};
}

Json of_difference(const ValueDifference& d) {
  auto side = [](const std::optional<Reference>& r) {
    if (!r) return Json(nullptr);
    return Json{{"type", name_of(r->type)}, {"size", r->size}, {"identity", r->identity().hex()}};
  };
  Json json;
  put_text(json, "task", d.place);
  json["name"] = d.name;
  json["a"] = side(d.a);
  json["b"] = side(d.b);
  return json;
}

Json of_step_time(const StepTime& s) {
  auto side = [](std::int64_t tasks, Micros busy) {
    return Json{{"tasks", tasks}, {"seconds", static_cast<double>(busy) / 1e6}};
  };
  return {{"step", s.step}, {"a", side(s.a_tasks, s.a_busy)}, {"b", side(s.b_tasks, s.b_busy)}};
}

Json of_check(const HealthCheck& f) {
  Json json{{"name", f.name}, {"value", f.value}};
  put_text(json, "advice", f.advice);
  return json;
}

Json of_diagnostic(const Diagnostic& d) {
  Json json{{"rule", d.rule}, {"place", d.place}, {"message", d.message}};
  put_text(json, "fix", d.fix);
  return json;
}

}  // namespace

std::string as_json(const std::vector<client::Run>& runs) { return text(list_of(runs, json_of)); }
std::string as_json(const std::vector<client::Step>& steps) { return text(list_of(steps, json_of)); }
std::string as_json(const std::vector<client::Task>& tasks) { return text(list_of(tasks, json_of)); }
std::string as_json(const std::vector<client::Artifact>& artifacts) { return text(list_of(artifacts, json_of)); }
std::string as_json(const std::vector<HealthCheck>& checks) { return text(list_of(checks, of_check)); }
std::string as_json(const TaskDetails& task) { return text(of_task_details(task)); }

std::string as_json(const RunDetails& details) {
  Json json = json_of(details.run);
  if (!details.origin.empty()) json["origin"] = details.origin;
  json["parameters"] = list_of(details.parameters, json_of_parameter);
  json["steps"] = list_of(details.steps, json_of);
  json["failures"] = of_failures(details.failures);
  json["failed"] = list_of(details.failed, of_task_details);
  json["metadata"] = json_of(details.metadata);
  Json requests = Json::array();
  for (const ControlRequest& r : details.requests) {
    requests.push_back({{"kind", r.kind}, {"argument", r.argument}, {"user", r.user}, {"time", rfc3339(r.time)}});
  }
  json["requests"] = std::move(requests);
  return text(json);
}

std::string as_json(const LogPiece& piece) {
  Json json{{"time", rfc3339(piece.time)},
            {"step", piece.step},
            {"task", piece.task},
            {"attempt", piece.attempt},
            {"stream", piece.stream == LogStream::out ? "out" : "err"},
            {"text", piece.bytes}};
  if (piece.gap) json["left_out"] = {{"bytes", piece.gap->bytes}, {"lines", piece.gap->lines}};
  return text(json, -1);
}

std::string as_json(const RunDifference& d) {
  return text({{"a_seconds", static_cast<double>(d.a_time) / 1e6},
               {"b_seconds", static_cast<double>(d.b_time) / 1e6},
               {"parameters", list_of(d.parameters, of_difference)},
               {"artifacts", list_of(d.artifacts, of_difference)},
               {"same_artifacts", d.same_artifacts},
               {"steps", list_of(d.steps, of_step_time)}});
}

std::string as_json(const UpgradeReport& r) {
  return text({{"runs", r.runs}, {"tasks", r.tasks}, {"live", r.live}, {"failed", r.failed}});
}

std::string as_json(const Salvaged& s) {
  return text({{"runs", s.runs},
               {"tasks", s.tasks},
               {"attempts", s.attempts},
               {"lost", s.lost},
               {"mended_pages", s.mended_pages},
               {"damaged", s.damaged}});
}

std::string as_json(const GcReport& r) {
  return text({{"runs", r.runs},
               {"kept_runs", r.kept_runs},
               {"kept_of_others", r.kept_of_others},
               {"blobs", r.blobs},
               {"bytes", r.bytes},
               {"young_blobs", r.young_blobs},
               {"freed_bytes", r.freed_bytes},
               {"folders", r.folders},
               {"disk_was_full", r.disk_was_full}});
}

std::string as_json(const BackupReport& r) {
  return text({{"runs", r.runs},
               {"live_runs", r.live_runs},
               {"blobs", r.blobs},
               {"new_blobs", r.new_blobs},
               {"log_bytes", r.log_bytes},
               {"missing", r.missing}});
}

std::string as_json(const FsckReport& r) {
  return text({{"problem_count", r.problem_count},
               {"problems", list_of(r.problems, of_diagnostic)},
               {"runs", r.runs},
               {"blobs", r.blobs},
               {"bytes", r.bytes},
               {"orphan_blobs", r.orphan_blobs},
               {"orphan_bytes", r.orphan_bytes},
               {"set_aside", r.set_aside}});
}

}  // namespace backlot::verbs
