#include "backlot/client/task.h"

#include <algorithm>
#include <set>

#include "backlot/base/nearest.h"
#include "backlot/client/run_scope.h"

namespace backlot::client {

Task::Task(ConnectionPtr home, RunRow run, TaskRow row)
    : home_(std::move(home)), run_(std::move(run)), row_(std::move(row)) {}

IndexPath Task::path() const {
  auto path = IndexPath::from_key(row_.path);
  if (!path) throw Error(ErrorCode::corrupt, pathspec() + ": its path in the catalog is damaged", "run `backlot fsck`");
  return *path;
}

std::string Task::pathspec() const { return address(run_, row_); }

std::vector<AttemptRow> Task::attempts() const { return home_->catalog->attempts(run_.key, row_.number); }

std::optional<Manifest> Task::manifest() const {
  std::vector<AttemptRow> all = attempts();
  auto ended = std::find_if(all.rbegin(), all.rend(), [](const AttemptRow& a) { return !a.manifest.empty(); });
  if (ended == all.rend()) return std::nullopt;
  return decode_manifest(ended->manifest);
}

std::vector<Artifact> Task::artifacts() const {
  std::vector<Artifact> found;
  std::optional<Manifest> ended = manifest();
  if (!ended) return found;
  for (NamedReference& a : ended->artifacts) found.emplace_back(home_, pathspec(), a.name, std::move(a.value));
  std::sort(found.begin(), found.end(), [](const Artifact& a, const Artifact& b) { return a.name() < b.name(); });
  return found;
}

std::optional<Artifact> Task::find(std::string_view name) const {
  Graph graph = decode_graph(home_->catalog->graph(run_.key));
  auto seen = find_in_scope(*home_->catalog, run_.key, graph, row_, name);
  if (!seen) return std::nullopt;
  std::string holder = seen->task.number ? address(run_, seen->task) : address(run_);
  return Artifact(home_, std::move(holder), std::string(name), std::move(seen->value));
}

std::vector<Metadatum> Task::metadata() const { return home_->catalog->metadata(run_.key, row_.number); }

Artifact Task::artifact(std::string_view name) const {
  if (auto found = find(name)) return *found;
  std::vector<std::string> names;
  for (const Artifact& a : artifacts()) names.push_back(a.name());
  for (const NamedReference& p : home_->catalog->parameters(run_.key)) names.push_back(p.name);
  throw Error(ErrorCode::not_found, pathspec() + " has no artifact \"" + std::string(name) + "\"",
              suggestion(name, names));
}

std::optional<Task::LogPlace> Task::log_place(std::optional<std::int32_t> attempt) const {
  const bool cloned = row_.is_clone();
  auto reader = log_of(home_, cloned ? row_.origin : run_.key);
  if (!reader) throw Error(ErrorCode::not_found, pathspec() + ": its log is gone");
  LogReader::Range range;
  range.task = cloned ? row_.origin_task : row_.number;
  range.attempt = attempt;
  std::uint64_t begin = UINT64_MAX, end = 0;
  for (const AttemptRow& a : attempts()) {
    if ((attempt && a.attempt != *attempt) || a.log.end <= a.log.begin) continue;
    begin = std::min(begin, a.log.begin);
    end = std::max(end, a.log.end);
  }
  const bool live = row_.state == TaskState::ready || row_.state == TaskState::running;
  if (!live && end == 0) return std::nullopt;
  range.begin = end ? begin : 0;
  if (!live) range.end = end;
  return LogPlace{std::move(*reader), range};
}

LogReader::Outcome Task::log(std::optional<std::int32_t> attempt, std::uint64_t from,
                             const std::function<bool(const LogRecord&)>& visit) const {
  auto place = log_place(attempt);
  if (!place) return {from, 0};
  place->range.begin = std::max(from, place->range.begin);
  return place->reader.each(place->range, visit);
}

std::optional<LogReader> log_of(const ConnectionPtr& home, RunKey run) {
  if (auto row = home->catalog->run(run)) return LogReader(home->files, home->home.log(row->flow, row->run_id));
  auto folder = home->catalog->note(log_note(run));
  if (!folder) return std::nullopt;
  return LogReader(home->files, home->home.runs() + "/" + *folder + "/log");
}

std::string log_note(RunKey run) { return "log of run " + std::to_string(run.value()); }

}  // namespace backlot::client
