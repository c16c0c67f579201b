#include "backlot/catalog/sqlite/schema.h"

namespace backlot {
namespace {

// Names (of flows, steps, users, tags, …) are interned: a column that refers to `name` holds 0 for the empty name.
// Times are UTC microseconds, 0 for "not yet".
constexpr std::string_view version_1 = R"sql(
CREATE TABLE note(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO note VALUES('catalog id', lower(hex(randomblob(16))));

CREATE TABLE name(
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE graph(
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL) STRICT;

CREATE TABLE run(
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  flow INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  state INTEGER NOT NULL,
  user INTEGER NOT NULL,
  host INTEGER NOT NULL,
  ns INTEGER NOT NULL,
  project INTEGER NOT NULL,
  branch INTEGER NOT NULL,
  code INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  created INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL,
  lease_owner TEXT,
  heartbeat INTEGER NOT NULL,
  events INTEGER NOT NULL DEFAULT 0,
  tasks INTEGER NOT NULL DEFAULT 0,
  tasks_done INTEGER NOT NULL DEFAULT 0,
  tasks_failed INTEGER NOT NULL DEFAULT 0,
  failure TEXT NOT NULL DEFAULT '',
  UNIQUE(flow, run_id)) STRICT;
CREATE INDEX run_of_flow ON run(flow);

CREATE TABLE removed_run(
  key INTEGER PRIMARY KEY,
  flow INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  UNIQUE(flow, run_id)) STRICT;

CREATE TABLE definition(
  run INTEGER PRIMARY KEY,
  graph INTEGER NOT NULL,
  parameters BLOB NOT NULL) STRICT;

CREATE TABLE tag(
  run INTEGER NOT NULL,
  is_system INTEGER NOT NULL,
  name INTEGER NOT NULL,
  PRIMARY KEY(run, is_system, name)) STRICT, WITHOUT ROWID;
CREATE INDEX tag_name ON tag(name);

CREATE TABLE step(
  run INTEGER NOT NULL,
  name INTEGER NOT NULL,
  first_task INTEGER NOT NULL,
  last_task INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  running INTEGER NOT NULL,
  first_started INTEGER,
  last_ended INTEGER,
  PRIMARY KEY(run, name)) STRICT, WITHOUT ROWID;

CREATE TABLE task(
  run INTEGER NOT NULL,
  number INTEGER NOT NULL,
  step INTEGER NOT NULL,
  path BLOB NOT NULL,
  label TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  waiting TEXT NOT NULL,
  progress REAL,
  note TEXT NOT NULL,
  origin INTEGER NOT NULL,
  origin_task INTEGER NOT NULL,
  event INTEGER NOT NULL,
  PRIMARY KEY(run, number)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX task_path ON task(run, step, path);
CREATE INDEX task_event ON task(run, event);

CREATE TABLE attempt(
  run INTEGER NOT NULL,
  task INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  user_us INTEGER NOT NULL,
  system_us INTEGER NOT NULL,
  peak_rss INTEGER NOT NULL,
  usage_source INTEGER NOT NULL,
  log_begin INTEGER NOT NULL,
  log_end INTEGER NOT NULL,
  log_out INTEGER NOT NULL,
  log_err INTEGER NOT NULL,
  log_dropped INTEGER NOT NULL,
  log_first_error INTEGER NOT NULL,
  signature TEXT NOT NULL,
  manifest BLOB NOT NULL,
  PRIMARY KEY(run, task, attempt)) STRICT, WITHOUT ROWID;

CREATE TABLE metadata(
  run INTEGER NOT NULL,
  task INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  key INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(run, task, attempt, key)) STRICT, WITHOUT ROWID;

CREATE TABLE request(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  kind TEXT NOT NULL,
  argument TEXT NOT NULL,
  user INTEGER NOT NULL,
  time INTEGER NOT NULL) STRICT;
CREATE INDEX request_run ON request(run);
)sql";

constexpr std::string_view version_2 = R"sql(
CREATE TABLE cache(
  run INTEGER NOT NULL,
  task INTEGER NOT NULL,
  key BLOB NOT NULL,
  PRIMARY KEY(run, task)) STRICT, WITHOUT ROWID;
CREATE INDEX cache_key ON cache(key);
)sql";

// The bytes for checksums came with this version, and come with the last step now.
constexpr std::string_view version_3 = "";

constexpr std::string_view version_4 = R"sql(
ALTER TABLE task ADD COLUMN parents INTEGER;
)sql";

// Every page got room for a checksum, which Database gives: no table changed.
constexpr std::string_view version_5 = "";

constexpr std::string_view version_6 = R"sql(
CREATE TABLE pin(
  domain TEXT NOT NULL,
  name TEXT NOT NULL,
  blob BLOB NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY(domain, name, blob)) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

const Schema& catalog_schema() {
  static const Schema schema{
      "catalog", 0x424b4c54 /* BKLT */, {version_1, version_2, version_3, version_4, version_5, version_6}};
  return schema;
}

}  // namespace backlot
