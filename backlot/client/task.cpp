#include "backlot/client/task.h"

#include <algorithm>

#include "backlot/base/nearest.h"
#include "backlot/client/lineage.h"
#include "backlot/client/run_handle.h"
#include "backlot/client/run_log.h"
#include "backlot/client/ways.h"

namespace backlot::client {

Task::Task(std::shared_ptr<RunHandle> of, TaskRow row) : of_(std::move(of)), row_(std::move(row)) {}

IndexPath Task::path() const {
  auto path = IndexPath::from_key(row_.path);
  if (!path) throw Error(ErrorCode::corrupt, pathspec() + ": its path in the catalog is damaged", "run `backlot fsck`");
  return *path;
}

std::string Task::pathspec() const { return address(of_->row, row_); }

std::vector<AttemptRow> Task::attempts() const { return of_->catalog().attempts(of_->key(), row_.number); }

std::optional<Manifest> Task::manifest(std::optional<std::int32_t> attempt) const {
  return ended_manifest(of_->catalog(), of_->key(), row_.number, attempt);
}

std::vector<Artifact> Task::artifacts() const {
  std::vector<Artifact> found;
  std::optional<Manifest> ended = manifest();
  if (!ended) return found;
  for (NamedReference& a : ended->artifacts)
    found.emplace_back(of_->connection(), pathspec(), a.name, std::move(a.value));
  std::sort(found.begin(), found.end(), [](const Artifact& a, const Artifact& b) { return a.name() < b.name(); });
  return found;
}

std::optional<std::vector<Artifact>> Task::seen(std::optional<std::int32_t> attempt) const {
  auto all = of_->scope().at_end(row_, attempt);
  if (!all) return std::nullopt;
  std::vector<Artifact> found;
  for (const auto& [name, value] : *all) found.emplace_back(of_->connection(), pathspec(), name, value);
  return found;
}

std::optional<Artifact> Task::seen(std::string_view name, std::optional<std::int32_t> attempt) const {
  auto value = of_->scope().at_end(row_, name, attempt);
  if (!value) return std::nullopt;
  return Artifact(of_->connection(), pathspec(), std::string(name), std::move(*value));
}

std::optional<Artifact> Task::find(std::string_view name) const {
  auto sighting = find_in_scope(of_->catalog(), of_->key(), of_->graph(), row_, name);
  if (!sighting) return std::nullopt;
  std::string holder = sighting->task.number ? address(of_->row, sighting->task) : of_->address();
  return Artifact(of_->connection(), std::move(holder), std::string(name), std::move(sighting->value));
}

std::vector<Metadatum> Task::metadata() const { return of_->catalog().metadata(of_->key(), row_.number); }

Artifact Task::artifact(std::string_view name) const {
  if (auto found = find(name)) return *found;
  std::vector<std::string> names;
  for (const Artifact& a : artifacts()) names.push_back(a.name());
  for (const NamedReference& p : of_->catalog().parameters(of_->key())) names.push_back(p.name);
  throw Error(ErrorCode::not_found, pathspec() + " has no artifact \"" + std::string(name) + "\"",
              suggestion(name, names));
}

std::vector<Task> Task::as_tasks(std::vector<TaskRow> rows) const {
  std::vector<Task> tasks;
  for (TaskRow& row : rows) tasks.emplace_back(of_, std::move(row));
  return tasks;
}

std::vector<Task> Task::parents(std::size_t limit) const {
  return as_tasks(client::parents(of_->catalog(), of_->key(), of_->graph(), row_, limit));
}

std::uint64_t Task::parent_count() const { return count_parents(of_->catalog(), of_->key(), of_->graph(), row_); }

std::vector<Task> Task::children(std::size_t limit) const {
  return as_tasks(client::children(of_->catalog(), of_->key(), of_->graph(), row_, limit));
}

std::uint64_t Task::child_count() const { return count_children(of_->catalog(), of_->key(), of_->graph(), row_); }

std::optional<Task::LogPlace> Task::log_place(std::optional<std::int32_t> attempt) const {
  const bool cloned = row_.is_clone();
  auto reader = log_of(*of_->connection(), cloned ? row_.origin : of_->key());
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

}  // namespace backlot::client
