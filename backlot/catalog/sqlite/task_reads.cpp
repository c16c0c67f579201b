// Reading steps, tasks and attempts.
#include <set>

#include "backlot/catalog/sqlite/sqlite_catalog.h"

namespace backlot {
namespace {

#define TASK_COLUMNS                                                                                       \
  "SELECT t.number, t.step, t.path, t.label, t.state, t.attempts, t.ready, t.started, t.ended, t.waiting," \
  " t.progress, t.note, t.origin, t.origin_task, t.event, t.parents"
#define ATTEMPT_COLUMNS                                                                                  \
  " a.task, a.attempt, a.state, a.started, a.ended, a.user_us, a.system_us, a.peak_rss, a.usage_source," \
  " a.log_begin, a.log_end, a.log_out, a.log_err, a.log_dropped, a.log_first_error, a.signature, a.manifest"

/// The pattern of LIKE that finds `text` as it is, anywhere.
std::string like_anywhere(std::string_view text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

/// What stands in ORDER BY; null where it is not known.
std::string_view sql_of(TaskOrder order) {
  switch (order) {
    case TaskOrder::number: return "number";
    case TaskOrder::step: return "(SELECT text FROM name WHERE id=t.step)";
    case TaskOrder::state: return "state";
    case TaskOrder::label: return "nullif(label, '')";
    case TaskOrder::attempts: return "attempts";
    case TaskOrder::started: return "nullif(started, 0)";
    case TaskOrder::waited: return "nullif(started, 0) - nullif(ready, 0)";
    case TaskOrder::took: return "nullif(ended, 0) - nullif(started, 0)";
  }
  return "number";
}

/// Of tasks that are alike the one dispatched first comes first, whichever way they are listed.
std::string order_by(const TaskFilter& filter) {
  if (filter.order == TaskOrder::number) return filter.descending ? "number DESC" : "number";
  const std::string by(sql_of(filter.order));
  return by + " IS NULL, " + by + (filter.descending ? " DESC, number" : ", number");
}

AttemptRow read_attempt(Cursor& row) {
  AttemptRow a;
  a.task = row.integer();
  a.attempt = row.as<std::int32_t>();
  a.state = row.as<TaskState>();
  for (auto* number : {&a.started, &a.ended, &a.usage.user_us, &a.usage.system_us, &a.usage.peak_rss_bytes}) {
    *number = row.integer();
  }
  a.usage.source = row.as<Usage::Source>();
  for (auto* number : {&a.log.begin, &a.log.end, &a.log.out_bytes, &a.log.err_bytes, &a.log.dropped_bytes}) {
    *number = row.as<std::uint64_t>();
  }
  a.log.first_error = row.integer();
  a.failure_signature = row.text();
  a.manifest = row.text();
  return a;
}

}  // namespace

TaskRow SqliteCatalog::read_task(Cursor& row) {
  TaskRow t;
  t.number = row.integer();
  t.step = names_.text(row.integer());
  t.path = row.text();
  t.label = row.text();
  t.state = row.as<TaskState>();
  t.attempts = row.as<std::int32_t>();
  for (auto* time : {&t.ready, &t.started, &t.ended}) *time = row.integer();
  t.waiting = row.text();
  bool told = !row.is_null();
  double progress = row.real();
  if (told) t.progress = progress;
  t.note = row.text();
  t.origin = row.as<RunKey>();
  for (auto* number : {&t.origin_task, &t.event}) *number = row.integer();
  const bool known = !row.is_null();
  const std::int64_t parents = row.integer();
  if (known) t.parents = parents;
  return t;
}

std::optional<TaskRow> SqliteCatalog::one_task(Cursor& row) {
  if (!row.next()) return std::nullopt;
  return read_task(row);
}

std::vector<StepRow> SqliteCatalog::steps(RunKey run) {
  std::vector<StepRow> found;
  Cursor row = database_.query(
      "SELECT name, tasks, done, failed, running, first_started, last_ended FROM step WHERE run=?1 ORDER BY first_task",
      run);
  while (row.next()) {
    found.push_back({names_.text(row.integer()), row.integer(), row.integer(), row.integer(), row.integer(),
                     row.integer(), row.integer()});
  }
  return found;
}

std::vector<TaskRow> SqliteCatalog::tasks(RunKey run, std::string_view step, std::int64_t after, std::size_t limit) {
  TaskFilter filter;
  filter.step = step;
  filter.after = after;
  return tasks(run, filter, limit);
}

std::vector<TaskRow> SqliteCatalog::tasks(RunKey run, const TaskFilter& filter, std::size_t limit) {
  ReadTransaction snapshot(database_);
  std::optional<std::int64_t> name;
  std::int64_t after = filter.after, last = INT64_MAX;
  if (!filter.step.empty()) {
    // A step's tasks mostly have numbers in a row: its first and last keep the scan short.
    Cursor bounds = database_.query(
        "SELECT s.name, first_task - 1, last_task FROM step s JOIN name n ON n.id=s.name WHERE run=?1 AND n.text=?2",
        run, filter.step);
    if (!bounds.next()) return {};
    name = bounds.integer();
    after = std::max(after, bounds.integer());
    last = bounds.integer();
  }
  std::optional<std::string> like;
  if (!filter.text.empty()) like = like_anywhere(filter.text);
  std::vector<TaskRow> found;
  // The plus keeps SQLite from an index that is not in order of the number.
  Cursor row =
      database_.query(TASK_COLUMNS
                          " FROM task t WHERE run=?1 AND number > ?2 AND number <= ?3 AND (?4 IS NULL OR +step=?4)"
                          " AND (?5 IS NULL OR state=?5) AND (?6 IS NULL OR label LIKE ?6 ESCAPE '\\')"
                          " ORDER BY " +
                          order_by(filter) + " LIMIT ?7 OFFSET ?8",
                      run, after, last, name, filter.state, like, limit, filter.skip);
  while (row.next()) found.push_back(read_task(row));
  return found;
}

FailureGroups SqliteCatalog::failures(RunKey run, std::size_t limit) {
  FailureGroups found;
  Cursor row = database_.query(
      "SELECT ifnull(a.signature, ''), count(*), min(t.number), count(*) OVER (), sum(count(*)) OVER ()"
      " FROM task t LEFT JOIN attempt a ON a.run=t.run AND a.task=t.number AND a.attempt="
      "(SELECT max(attempt) FROM attempt l WHERE l.run=t.run AND l.task=t.number)"
      " WHERE t.run=?1 AND t.state=?2 GROUP BY 1 ORDER BY 2 DESC, 3 LIMIT ?3",
      run, TaskState::failed, limit);
  while (row.next()) {
    FailureGroup& group = found.groups.emplace_back();
    group.signature = row.text();
    group.tasks = row.integer();
    group.first_task = row.integer();
    found.all_groups = row.integer();
    found.all_tasks = row.integer();
  }
  return found;
}

std::vector<WaitingGroup> SqliteCatalog::waiting(RunKey run, std::size_t limit) {
  std::vector<WaitingGroup> found;
  Cursor row = database_.query(
      "SELECT waiting, count(*) FROM task WHERE run=?1 AND state=?2 AND waiting<>'' GROUP BY waiting"
      " ORDER BY 2 DESC, 1 LIMIT ?3",
      run, TaskState::ready, limit);
  while (row.next()) {
    std::string reason = row.text();
    found.push_back({std::move(reason), row.integer()});
  }
  return found;
}

std::optional<TaskRow> SqliteCatalog::last_ended(RunKey run, std::string_view step, std::string_view prefix) {
  std::optional<std::int64_t> name = names_.find(step);
  if (!name) return std::nullopt;
  const Blob begin{prefix};
  Cursor row = database_.query(TASK_COLUMNS
                               " FROM task t WHERE run=?1 AND step=?2 AND (?3=0 OR substr(path, 1, ?3)=?4)"
                               " ORDER BY ended DESC, number LIMIT 1",
                               run, *name, static_cast<std::int64_t>(prefix.size()), begin);
  return one_task(row);
}

std::vector<TaskRow> SqliteCatalog::tasks_below(RunKey run, std::string_view step, std::string_view prefix,
                                                const std::optional<std::string>& after, std::size_t limit) {
  std::vector<TaskRow> found;
  std::optional<std::int64_t> name = names_.find(step);
  if (!name) return found;
  const std::string end = std::string(prefix) + '\xff';  // no part of a path begins with it
  Cursor row = database_.query(TASK_COLUMNS
                               " FROM task t WHERE run=?1 AND step=?2 AND path>=?3 AND path<?4 AND (?5=0 OR path>?6)"
                               " ORDER BY path LIMIT ?7",
                               run, *name, Blob{prefix}, Blob{end}, after.has_value(),
                               Blob{after ? std::string_view(*after) : std::string_view()}, limit);
  while (row.next()) found.push_back(read_task(row));
  return found;
}

std::optional<TaskRow> SqliteCatalog::task(RunKey run, std::int64_t number) {
  Cursor row = database_.query(TASK_COLUMNS " FROM task t WHERE run=?1 AND number=?2", run, number);
  return one_task(row);
}

std::optional<TaskRow> SqliteCatalog::task(RunKey run, std::string_view step, std::string_view path_key) {
  std::optional<std::int64_t> name = names_.find(step);
  if (!name) return std::nullopt;
  const Blob path{path_key};
  Cursor row = database_.query(TASK_COLUMNS " FROM task t WHERE run=?1 AND step=?2 AND path=?3", run, *name, path);
  return one_task(row);
}

std::vector<AttemptRow> SqliteCatalog::attempts(RunKey run, std::int64_t task) {
  std::vector<AttemptRow> found;
  Cursor row =
      database_.query("SELECT" ATTEMPT_COLUMNS " FROM attempt a WHERE run=?1 AND task=?2 ORDER BY attempt", run, task);
  while (row.next()) found.push_back(read_attempt(row));
  return found;
}

std::vector<Metadatum> SqliteCatalog::metadata(RunKey run, std::int64_t task) {
  std::vector<Metadatum> found;
  Cursor row = database_.query(
      "SELECT task, attempt, key, value FROM metadata WHERE run=?1 AND task=?2 ORDER BY attempt, key", run, task);
  while (row.next()) {
    found.push_back({row.integer(), row.as<std::int32_t>(), names_.text(row.integer()), row.text()});
  }
  return found;
}

std::vector<CachedTask> SqliteCatalog::cached(const Digest& key, RunKey but, std::size_t limit) {
  constexpr std::size_t clones_passed_over = 1000;
  std::vector<CachedTask> found;
  std::set<std::pair<RunKey, std::int64_t>> executions;
  Cursor row = database_.query(TASK_COLUMNS
                               ", c.run FROM cache c CROSS JOIN task t ON t.run=c.run AND t.number=c.task"
                               " WHERE c.key=?1 AND c.run<>?2 ORDER BY c.run DESC, c.task DESC LIMIT ?3",
                               Blob{key.view()}, but, limit + clones_passed_over);
  while (found.size() < limit && row.next()) {
    CachedTask task{no_run, read_task(row)};
    task.run = row.as<RunKey>();
    std::pair execution(task.task.origin, task.task.origin_task);
    if (!task.task.is_clone()) execution = {task.run, task.task.number};
    if (executions.insert(execution).second) found.push_back(std::move(task));
  }
  return found;
}

std::vector<TaskRow> SqliteCatalog::changes(RunKey run, std::int64_t since, std::size_t limit) {
  std::vector<TaskRow> found;
  Cursor row = database_.query(TASK_COLUMNS " FROM task t WHERE run=?1 AND event > ?2 ORDER BY event LIMIT ?3", run,
                               since, limit);
  while (row.next()) found.push_back(read_task(row));
  return found;
}

void SqliteCatalog::each_finished(RunKey run, const std::function<void(const TaskRow&, const AttemptRow&)>& visit,
                                  const std::vector<std::string>& but) {
  constexpr std::size_t page_size = 256;
  std::string passed_over;
  for (const std::string& step : but) {
    if (auto name = names_.find(step)) passed_over += (passed_over.empty() ? "" : ",") + std::to_string(*name);
  }
  const std::string sql = TASK_COLUMNS "," ATTEMPT_COLUMNS
                                       " FROM task t JOIN attempt a ON a.run=t.run AND a.task=t.number"
                                       " WHERE t.run=?1 AND t.number > ?2 AND t.state >= ?3 AND +t.step NOT IN (" +
                          passed_over +
                          ") AND a.attempt="
                          "(SELECT max(attempt) FROM attempt l WHERE l.run=t.run AND l.task=t.number)"
                          " ORDER BY t.number LIMIT ?4";
  std::vector<std::pair<TaskRow, AttemptRow>> page;
  std::int64_t after = INT64_MIN;
  do {
    page.clear();
    {
      Cursor row = database_.query(sql, run, after, TaskState::done, page_size);
      while (row.next()) {
        TaskRow task = read_task(row);
        page.emplace_back(std::move(task), read_attempt(row));
      }
    }
    // Outside of the query, so that `visit` may use the catalog.
    for (const auto& [task, attempt] : page) visit(task, attempt);
    if (!page.empty()) after = page.back().first.number;
  } while (page.size() == page_size);
}

}  // namespace backlot
