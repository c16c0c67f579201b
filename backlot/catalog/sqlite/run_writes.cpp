// Writing runs: their beginning, their lease, requests, tags, notes, their removal.
#include "backlot/catalog/sqlite/sqlite_catalog.h"

namespace backlot {
namespace {

std::string encode_parameters(const std::vector<NamedReference>& parameters) {
  Manifest manifest;
  manifest.artifacts = parameters;
  manifest.own = static_cast<std::uint32_t>(parameters.size());
  return encode(manifest);
}

Error no_such_run(RunKey run) {
  return {ErrorCode::not_found, "there is no run with key " + std::to_string(run.value())};
}

}  // namespace

std::pair<RunRow, Lease> SqliteCatalog::create_run(const NewRun& run, const std::string& owner) {
  RunKey key = transact([&] {
    if (run.origin != no_run && run.lives) refuse_second_resume(run);
    std::int64_t run_id = free_run_id(names_.intern(run.flow), run.run_id);
    insert_run(run, run_id, owner);
    const RunKey made(database_.last_key());
    database_.execute("INSERT INTO definition VALUES(?1, ?2, ?3)", made, intern_graph(run.graph),
                      Blob{encode_parameters(run.parameters)});
    change_tags(database_, names_, made, run.tags, {});
    for (const std::string& tag : run.system_tags) {
      database_.execute("INSERT OR IGNORE INTO tag VALUES(?1, 1, ?2)", made, names_.intern(tag));
    }
    return made;
  });
  return {this->run(key).value(), Lease{key, 1}};
}

std::int64_t SqliteCatalog::free_run_id(std::int64_t flow, std::int64_t wanted) {
  // The id of a removed run stays taken: clones may still refer to its log.
  constexpr std::string_view taken =
      "SELECT 1 FROM run WHERE flow=?1 AND run_id=?2 UNION ALL SELECT 1 FROM removed_run WHERE flow=?1 AND run_id=?2";
  while (database_.query(taken, flow, wanted).next()) ++wanted;
  return wanted;
}

void SqliteCatalog::insert_run(const NewRun& run, std::int64_t run_id, const std::string& owner) {
  // In a list, for its order is defined: the same run makes the same bytes with every compiler.
  const std::int64_t ids[] = {names_.intern(run.flow), names_.intern(run.user),    names_.intern(run.host),
                              names_.intern(run.ns),   names_.intern(run.project), names_.intern(run.branch),
                              names_.intern(run.code)};
  const auto [flow, user, host, ns, project, branch, code] = ids;
  database_.execute(
      "INSERT INTO run(flow, run_id, state, user, host, ns, project, branch, code, origin, parent, created, fence,"
      " lease_owner, heartbeat) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1, ?13, ?12)",
      flow, run_id, RunState::running, user, host, ns, project, branch, code, run.origin, run.parent, run.now, owner);
}

std::int64_t SqliteCatalog::intern_graph(const std::string& bytes) {
  Digest digest = sha256(bytes);
  if (Cursor known = database_.query("SELECT id FROM graph WHERE digest=?1", Blob{digest.view()}); known.next()) {
    return known.integer();
  }
  database_.execute("INSERT INTO graph(digest, bytes) VALUES(?1, ?2)", Blob{digest.view()}, Blob{bytes});
  return database_.last_key();
}

RunState SqliteCatalog::require_run(RunKey run) {
  Cursor row = database_.query("SELECT state FROM run WHERE key=?1", run);
  if (!row.next()) throw no_such_run(run);
  return row.as<RunState>();
}

Lease SqliteCatalog::take_lease(RunKey run, const std::string& owner, Micros now) {
  return transact([&] {
    if (require_run(run) != RunState::running) {
      throw Error(ErrorCode::conflict, "the run has ended: there is nothing to take over",
                  "`resume` makes a new run of it");
    }
    Cursor row = database_.query(
        "UPDATE run SET fence=fence+1, lease_owner=?2, heartbeat=?3 WHERE key=?1 RETURNING fence", run, owner, now);
    row.next();
    Lease lease{run, row.integer()};
    row.finish();
    return lease;
  });
}

void SqliteCatalog::refuse_second_resume(const NewRun& run) {
  std::vector<RunRow> others;
  {
    Cursor row = database_.query(
        "SELECT r.key, n.text, r.run_id, r.created FROM run r JOIN name n ON n.id=r.flow WHERE (r.key=?1 OR "
        "r.origin=?1) AND"
        " r.state=?2",
        run.origin, RunState::running);
    while (row.next()) {
      RunRow& other = others.emplace_back();
      other.key = row.as<RunKey>();
      other.flow = row.text();
      other.run_id = row.integer();
      other.created = row.integer();
    }
  }
  for (const RunRow& other : others) {
    if (!run.lives(other)) continue;
    std::string what = other.key == run.origin ? " is still running" : " is resuming the same run";
    throw Error(ErrorCode::conflict, address(other) + what, "`cancel` it, or wait for its end; --anyway runs both");
  }
}

void SqliteCatalog::settle(Micros now) {
  constexpr Micros silence = 60'000'000;  // a scheduler that has not been heard of for so long is dead
  constexpr int newest = 1000;            // one that is older and alive is only made to wait for a moment
  bool is_needed = database_
                       .query(
                           "SELECT 1 FROM run WHERE key > (SELECT max(key) FROM run) - ?1 AND lease_owner IS NOT NULL "
                           "AND heartbeat > ?2",
                           newest, now - silence)
                       .next();
  if (!is_needed) database_.empty_log();
}

std::int64_t SqliteCatalog::request(const ControlRequest& request) {
  return transact([&] {
    if (require_run(request.run) != RunState::running) {
      throw Error(ErrorCode::conflict, "the run has ended: nobody would act on \"" + request.kind + "\"");
    }
    database_.execute("INSERT INTO request(run, kind, argument, user, time) VALUES(?1, ?2, ?3, ?4, ?5)", request.run,
                      request.kind, request.argument, names_.intern(request.user), request.time);
    return database_.last_key();
  });
}

std::vector<ControlRequest> SqliteCatalog::requests(RunKey run) {
  std::vector<ControlRequest> found;
  Cursor row = database_.query("SELECT id, run, kind, argument, user, time FROM request WHERE run=?1 ORDER BY id", run);
  while (row.next()) {
    found.push_back(
        {row.integer(), row.as<RunKey>(), row.text(), row.text(), names_.text(row.integer()), row.integer()});
  }
  return found;
}

void change_tags(Database& database, Names& names, RunKey run, const std::vector<std::string>& add,
                 const std::vector<std::string>& remove) {
  for (const std::string& tag : add) {
    database.execute("INSERT OR IGNORE INTO tag VALUES(?1, 0, ?2)", run, names.intern(tag));
  }
  for (const std::string& tag : remove) {
    if (auto name = names.find(tag)) {
      database.execute("DELETE FROM tag WHERE run=?1 AND is_system=0 AND name=?2", run, *name);
    }
  }
}

void SqliteCatalog::set_tags(RunKey run, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
  transact([&] {
    require_run(run);
    change_tags(database_, names_, run, add, remove);
  });
}

void SqliteCatalog::remove_runs(const std::vector<RunKey>& runs) {
  transact([&] {
    for (RunKey run : runs) {
      if (require_run(run) == RunState::running) {
        throw Error(ErrorCode::conflict, "run " + std::to_string(run.value()) + " has not ended: it cannot be removed",
                    "`cancel` it first");
      }
      database_.execute("INSERT INTO removed_run SELECT key, flow, run_id FROM run WHERE key=?1", run);
      for (const char* table : {"tag", "step", "task", "attempt", "metadata", "request", "cache", "definition"}) {
        database_.execute(std::string("DELETE FROM ") + table + " WHERE run=?1", run);
      }
      database_.execute("DELETE FROM run WHERE key=?1", run);
    }
    database_.execute("DELETE FROM graph WHERE id NOT IN (SELECT graph FROM definition)");  // once for all of them
  });
}

std::optional<std::string> SqliteCatalog::note(std::string_view key) {
  Cursor row = database_.query("SELECT value FROM note WHERE key=?1", key);
  if (!row.next()) return std::nullopt;
  return row.text();
}

void SqliteCatalog::set_parents(RunKey run, const std::vector<std::pair<std::int64_t, std::int64_t>>& parents) {
  transact([&] {
    {
      Cursor row = database_.query("SELECT 1 FROM run WHERE key=?1 AND state<>?2", run, RunState::running);
      if (!row.next())
        throw Error(ErrorCode::conflict, "run " + std::to_string(run.value()) + " is gone, or has not ended");
    }
    for (auto [number, known] : parents)
      database_.execute("UPDATE task SET parents=?3 WHERE run=?1 AND number=?2 AND parents IS NULL", run, number,
                        known);
  });
}

void SqliteCatalog::set_note(std::string_view key, std::string_view value) {
  transact([&] { database_.execute("INSERT OR REPLACE INTO note VALUES(?1, ?2)", key, value); });
}

std::string SqliteCatalog::id() { return note("catalog id").value_or(""); }

}  // namespace backlot
