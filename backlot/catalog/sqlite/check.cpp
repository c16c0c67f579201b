// What may be wrong in a catalog, for `backlot fsck`.
#include "backlot/catalog/sqlite/sqlite_catalog.h"

namespace backlot {
namespace {

/// A query for rows that must not be; its columns name one.
struct Rule {
  const char* rule;
  const char* message;
  const char* fix;
  const char* sql;
};

constexpr const char* restore = "`backlot fsck --salvage` keeps what can be read; or restore a backup";
constexpr const char* rerun = "run the flow again, or restore a backup";

constexpr Rule rules[] = {
    {"catalog.dangling", "has no definition", rerun,
     "SELECT 'run ' || key FROM run WHERE key NOT IN (SELECT d.run FROM definition d JOIN graph g ON g.id=d.graph)"},
    {"catalog.dangling", "belongs to a run that is not there", restore,
     "SELECT 'task ' || number || ' of run ' || run FROM task WHERE run NOT IN (SELECT key FROM run)"},
    {"catalog.dangling", "belongs to a task that is not there", restore,
     "SELECT 'attempt ' || attempt || ' of run ' || run || ' task ' || task FROM attempt a WHERE NOT EXISTS"
     "(SELECT 1 FROM task t WHERE t.run=a.run AND t.number=a.task)"},
    {"catalog.dangling", "belongs to a task that is not there", restore,
     "SELECT 'metadatum of run ' || run || ' task ' || task FROM metadata m WHERE task<>0 AND NOT EXISTS"
     "(SELECT 1 FROM task t WHERE t.run=m.run AND t.number=m.task)"},
    {"catalog.dangling", "belongs to a task that is not there", restore,
     "SELECT 'a cache key of run ' || run || ' task ' || task FROM cache c WHERE NOT EXISTS"
     "(SELECT 1 FROM task t WHERE t.run=c.run AND t.number=c.task)"},
    {"catalog.cache", "is not done, but the step cache may take it over", restore,
     "SELECT 'run ' || t.run || ' task ' || t.number FROM cache c JOIN task t ON t.run=c.run AND t.number=c.task"
     " WHERE t.state<>2"},
    {"catalog.dangling", "belongs to a run that is not there", restore,
     "SELECT 'a row of run ' || run FROM (SELECT run FROM tag UNION SELECT run FROM step UNION SELECT run FROM request"
     " UNION SELECT run FROM definition UNION SELECT run FROM metadata) WHERE run NOT IN (SELECT key FROM run)"},
    {"catalog.dangling", "is not there, but referred to", restore,
     "SELECT 'name ' || id FROM (SELECT flow AS id FROM run UNION SELECT user FROM run UNION SELECT host FROM run"
     " UNION SELECT ns FROM run UNION SELECT project FROM run UNION SELECT branch FROM run UNION SELECT code FROM run"
     " UNION SELECT name FROM tag UNION SELECT name FROM step UNION SELECT step FROM task UNION SELECT key FROM "
     "metadata"
     " UNION SELECT user FROM request) WHERE id<>0 AND id NOT IN (SELECT id FROM name)"},
    {"catalog.attempt", "is done, but has no attempt with a manifest", rerun,
     "SELECT 'task ' || number || ' of run ' || run FROM task t WHERE state=2 AND NOT EXISTS"
     "(SELECT 1 FROM attempt a WHERE a.run=t.run AND a.task=t.number AND length(a.manifest)>0)"},
    {"catalog.counters", "has counters that are not those of its tasks", restore,
     "SELECT 'run ' || key FROM run r WHERE (tasks, tasks_done, tasks_failed) IS NOT"
     " (SELECT count(*), ifnull(sum(state=2), 0), ifnull(sum(state=3), 0) FROM task WHERE run=r.key)"},
    {"catalog.counters", "has counters that are not those of its tasks", restore,
     "SELECT 'a step of run ' || s.run FROM step s LEFT JOIN (SELECT run, step, count(*) AS n, sum(state=2) AS done,"
     " sum(state=3) AS failed, sum(state=1) AS running, min(number) AS first, max(number) AS last FROM task"
     " GROUP BY run, step) t ON t.run=s.run AND t.step=s.name WHERE"
     " (s.tasks, s.done, s.failed, s.running, s.first_task, s.last_task) IS NOT"
     " (t.n, t.done, t.failed, t.running, t.first, t.last)"},
    {"catalog.events", "has events that are counted twice or not at all", restore,
     "SELECT 'run ' || r.key FROM run r JOIN task t ON t.run=r.key GROUP BY r.key"
     " HAVING max(t.event) > r.events OR min(t.event) < 1 OR count(DISTINCT t.event) < count(*)"},
    {"catalog.pin", "names no blob", restore, "SELECT 'pin ' || domain || '/' || name FROM pin WHERE length(blob)<>32"},
    {"catalog.lease", "has ended, but somebody holds its lease", restore,
     "SELECT 'run ' || key FROM run WHERE state<>0 AND lease_owner IS NOT NULL"},
};

void check_database(Database& database, std::vector<Diagnostic>& found) {
  Cursor row = database.query("PRAGMA integrity_check");
  while (row.next()) {
    if (std::string text = row.text(); text != "ok")
      found.push_back({"catalog.sqlite", database.path(), text, restore});
  }
}

/// `sql` selects a place and an encoded manifest.
void check_manifests(Database& database, std::string_view sql, std::vector<Diagnostic>& found) {
  Cursor row = database.query(sql);
  while (row.next()) {
    std::string place = row.text();
    try {
      decode_manifest(row.view());
    } catch (const Error& e) { found.push_back({"catalog.manifest", place, e.what(), rerun}); }
  }
}

void check_graphs(Database& database, std::vector<Diagnostic>& found) {
  Cursor row = database.query("SELECT id, digest, bytes FROM graph");
  while (row.next()) {
    std::string place = "graph " + std::to_string(row.integer()), digest = row.text();
    if (sha256(row.view()).view() != digest) {
      found.push_back({"catalog.graph", place, "its bytes are not what was written", rerun});
    }
  }
}

void check_all(Database& database, std::vector<Diagnostic>& found) {
  ReadTransaction snapshot(database);
  check_database(database, found);
  for (const Rule& rule : rules) {
    Cursor row = database.query(rule.sql);
    while (row.next()) found.push_back({rule.rule, row.text(), rule.message, rule.fix});
  }
  check_manifests(database, "SELECT 'parameters of run ' || run, parameters FROM definition", found);
  check_manifests(database,
                  "SELECT 'run ' || run || ' task ' || task || ' attempt ' || attempt, manifest FROM attempt"
                  " WHERE length(manifest)>0",
                  found);
  check_graphs(database, found);
}

}  // namespace

std::vector<Diagnostic> SqliteCatalog::check() {
  std::vector<Diagnostic> found;
  for (std::int64_t page : database_.damaged_pages()) {
    found.push_back({"catalog.page", "page " + std::to_string(page) + " of " + database_.path(),
                     "is not what was written: it was damaged, or changed by another program", restore});
  }
  try {
    check_all(database_, found);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::corrupt) throw;
    found.push_back({"catalog.sqlite", database_.path(), e.message(), restore});
  }
  return found;
}

}  // namespace backlot
