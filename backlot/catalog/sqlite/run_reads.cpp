// Reading runs.
#include "backlot/catalog/sqlite/sqlite_catalog.h"

namespace backlot {
namespace {

#define RUN_COLUMNS                                                                                       \
  "SELECT r.key, r.flow, r.run_id, r.state, r.user, r.host, r.ns, r.project, r.branch, r.code, r.origin," \
  " r.parent, r.created, r.ended, r.fence, r.lease_owner, r.heartbeat, r.events, r.tasks, r.tasks_done,"  \
  " r.tasks_failed, r.failure FROM run r "

}  // namespace

RunRow SqliteCatalog::read_run(Cursor& row) {
  auto name = [&] { return names_.text(row.integer()); };
  RunRow run;
  run.key = row.as<RunKey>();
  run.flow = name();
  run.run_id = row.integer();
  run.state = row.as<RunState>();
  for (std::string* text : {&run.user, &run.host, &run.ns, &run.project, &run.branch, &run.code}) *text = name();
  for (RunKey* key : {&run.origin, &run.parent}) *key = row.as<RunKey>();
  for (auto* number : {&run.created, &run.ended, &run.fence}) *number = row.integer();
  run.lease_owner = row.text();
  for (auto* number : {&run.heartbeat, &run.events, &run.tasks, &run.tasks_done, &run.tasks_failed}) {
    *number = row.integer();
  }
  run.failure = row.text();
  return run;
}

void SqliteCatalog::read_tags(RunRow& run) {
  Cursor row = database_.query("SELECT is_system, name FROM tag WHERE run=?1 ORDER BY is_system, name", run.key);
  while (row.next()) {
    bool is_system = row.integer() != 0;
    (is_system ? run.system_tags : run.tags).push_back(names_.text(row.integer()));
  }
}

std::vector<RunRow> SqliteCatalog::runs(const RunFilter& filter) {
  // A condition that is not asked for is NULL, and holds. With a flow the newest runs come from its own index.
  std::string sql(filter.flow.empty() ? RUN_COLUMNS : RUN_COLUMNS "INDEXED BY run_of_flow ");
  sql += filter.flow.empty() ? "WHERE ?1 IS NULL" : "WHERE r.flow=?1";
  sql +=
      " AND r.key < ?2 AND (?3 IS NULL OR r.user=?3) AND (?4 IS NULL OR r.project=?4) AND (?5 IS NULL OR r.state=?5)"
      " AND (?6 IS NULL OR EXISTS(SELECT 1 FROM tag t WHERE t.name=?6 AND t.run=r.key))"
      " ORDER BY r.key DESC LIMIT ?7";
  ReadTransaction snapshot(database_);
  std::optional<std::int64_t> ids[4];
  const std::string* wanted[] = {&filter.flow, &filter.user, &filter.project, &filter.tag};
  for (int i = 0; i < 4; ++i) {
    if (wanted[i]->empty()) continue;
    ids[i] = names_.find(*wanted[i]);
    if (!ids[i]) return {};  // a name that nobody has used
  }
  std::vector<RunRow> found;
  {
    Cursor row = database_.query(sql, ids[0], filter.before_key != no_run ? filter.before_key.value() : INT64_MAX,
                                 ids[1], ids[2], filter.state, ids[3], filter.limit);
    while (row.next()) found.push_back(read_run(row));
  }
  for (RunRow& run : found) read_tags(run);
  return found;
}

std::optional<RunRow> SqliteCatalog::run(RunKey key) {
  ReadTransaction snapshot(database_);
  Cursor row = database_.query(RUN_COLUMNS "WHERE r.key=?1", key);
  if (!row.next()) return std::nullopt;
  RunRow run = read_run(row);
  read_tags(run);
  return run;
}

std::optional<RunRow> SqliteCatalog::run(std::string_view flow, std::int64_t run_id) {
  std::optional<std::int64_t> name = names_.find(flow);
  if (!name) return std::nullopt;
  RunKey key = no_run;
  if (Cursor row = database_.query("SELECT key FROM run WHERE flow=?1 AND run_id=?2", *name, run_id); row.next()) {
    key = row.as<RunKey>();
  }
  return run(key);
}

std::vector<std::string> SqliteCatalog::flows() {
  std::vector<std::string> found;
  Cursor row =
      database_.query("SELECT text FROM name WHERE EXISTS(SELECT 1 FROM run WHERE flow=name.id) ORDER BY text");
  while (row.next()) found.push_back(row.text());
  return found;
}

std::int64_t SqliteCatalog::run_count(std::string_view flow) {
  std::optional<std::int64_t> name = names_.find(flow);
  if (!name) return 0;
  Cursor row = database_.query("SELECT count(*) FROM run WHERE flow=?1", *name);
  return row.next() ? row.integer() : 0;
}

std::string SqliteCatalog::graph(RunKey run) {
  Cursor row = database_.query("SELECT g.bytes FROM definition d JOIN graph g ON g.id=d.graph WHERE d.run=?1", run);
  if (!row.next()) throw Error(ErrorCode::not_found, "there is no run with key " + std::to_string(run.value()));
  return row.text();
}

std::vector<NamedReference> SqliteCatalog::parameters(RunKey run) {
  Cursor row = database_.query("SELECT parameters FROM definition WHERE run=?1", run);
  if (!row.next()) throw Error(ErrorCode::not_found, "there is no run with key " + std::to_string(run.value()));
  return decode_manifest(row.view()).artifacts;
}

bool SqliteCatalog::was_removed(RunKey key) {
  return database_.query("SELECT 1 FROM removed_run WHERE key=?1", key).next();
}

}  // namespace backlot
