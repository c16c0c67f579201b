#include "backlot/catalog/sqlite/salvage.h"

#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>

#include "backlot/base/clock.h"
#include "backlot/base/durable_folder.h"
#include "backlot/catalog/sqlite/schema.h"
#include "backlot/sql/database.h"
#include "backlot/sql/page_guard.h"
#include "backlot/sql/vfs.h"

namespace backlot {
namespace {

struct Table {
  const char* name;
  const char* key;       ///< by which its rows are in order
  const char* key_back;  ///< the same from the end
  bool by_run;           ///< read run by run: damage costs rows of one run
};
constexpr Table tables[] = {
    {"note", "key", "key DESC", false},
    {"name", "id", "id DESC", false},
    {"graph", "id", "id DESC", false},
    {"run", "key", "key DESC", false},
    {"removed_run", "key", "key DESC", false},
    {"definition", "run", "run DESC", false},
    {"tag", "is_system, name", "is_system DESC, name DESC", true},
    {"task", "number", "number DESC", true},
    {"attempt", "task, attempt", "task DESC, attempt DESC", true},
    {"metadata", "task, attempt, key", "task DESC, attempt DESC, key DESC", true},
    {"cache", "task", "task DESC", true},
    {"request", "id", "id DESC", false},
    {"pin", "domain, name, blob", "domain DESC, name DESC, blob DESC", false},
    {"sqlite_sequence", "rowid", "rowid DESC", false},
};

/// After all rows are there: what lacks what it belongs to goes, and what is counted is counted anew.
constexpr const char* settle[] = {
    "INSERT OR IGNORE INTO note VALUES('catalog id', lower(hex(randomblob(16))))",
    "DELETE FROM run WHERE flow NOT IN (SELECT id FROM name)"
    " OR key NOT IN (SELECT d.run FROM definition d JOIN graph g ON g.id=d.graph)",
    "DELETE FROM task WHERE run NOT IN (SELECT key FROM run) OR step NOT IN (SELECT id FROM name)",
    "DELETE FROM attempt WHERE NOT EXISTS (SELECT 1 FROM task t WHERE t.run=attempt.run AND t.number=attempt.task)",
    // Its manifest is lost: it counts as cancelled, and `resume` runs it again.
    "UPDATE task SET state=4 WHERE state=2 AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.run=task.run AND"
    " a.task=task.number AND length(a.manifest)>0)",
    "DELETE FROM metadata WHERE key NOT IN (SELECT id FROM name) OR run NOT IN (SELECT key FROM run) OR (task<>0 AND "
    "NOT"
    " EXISTS (SELECT 1 FROM task t WHERE t.run=metadata.run AND t.number=metadata.task))",
    "DELETE FROM cache WHERE NOT EXISTS (SELECT 1 FROM task t WHERE t.run=cache.run AND t.number=cache.task AND"
    " t.state=2)",
    "DELETE FROM tag WHERE run NOT IN (SELECT key FROM run) OR name NOT IN (SELECT id FROM name)",
    "DELETE FROM request WHERE run NOT IN (SELECT key FROM run)",
    "DELETE FROM pin WHERE length(blob)<>32",
    "DELETE FROM definition WHERE run NOT IN (SELECT key FROM run)",
    "UPDATE request SET user=0 WHERE user NOT IN (SELECT id FROM name)",
    "UPDATE run SET user=iif(user IN (SELECT id FROM name), user, 0), host=iif(host IN (SELECT id FROM name), host, 0),"
    " ns=iif(ns IN (SELECT id FROM name), ns, 0), project=iif(project IN (SELECT id FROM name), project, 0),"
    " branch=iif(branch IN (SELECT id FROM name), branch, 0), code=iif(code IN (SELECT id FROM name), code, 0)",
    "INSERT INTO step SELECT run, step, min(number), max(number), count(*), sum(state=2), sum(state=3), sum(state=1),"
    " min(iif(origin=0 AND started>0, started, NULL)), max(iif(origin=0 AND ended>0, ended, NULL)) FROM task"
    " GROUP BY run, step",
    "UPDATE run SET (tasks, tasks_done, tasks_failed) = (SELECT count(*), ifnull(sum(state=2), 0), ifnull(sum(state=3),"
    " 0) FROM task WHERE run=run.key), events=max(events, (SELECT ifnull(max(event), 0) FROM task WHERE run=run.key))",
};

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

class Salvage {
 public:
  explicit Salvage(std::string path) : path_(std::move(path)), rescued_(path_ + ".salvaged") {}

  Salvaged run() {
    lock_ = system_files().try_lock(path_ + ".lock");
    if (!lock_)
      throw Error(ErrorCode::conflict, "another process is writing to the catalog " + path_,
                  "end all runs and `backlot serve` first");
    remove(rescued_);
    try {
      { Database empty(rescued_, "", catalog_schema()); }
      open();
      copy_all();
    } catch (...) {
      target_.reset();
      remove(rescued_);
      throw;
    }
    exec("PRAGMA wal_checkpoint(TRUNCATE)");
    report_.mended_pages = static_cast<std::int64_t>(mended_.numbers().size());
    report_.runs = count("run"), report_.tasks = count("task"), report_.attempts = count("attempt");
    source_.reset();
    target_.reset();
    put_in_place();
    return std::move(report_);
  }

 private:
  static void remove(const std::string& file) {
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(file + suffix);
  }

  Connection open(const std::string& path) {
    sqlite3* db = nullptr;
    int code =
        sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, backlot_vfs().name().c_str());
    Connection opened(db);
    if (code != SQLITE_OK) throw sqlite_error(code, sqlite3_system_errno(db), path, sqlite3_errmsg(db));
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);  // the damaged files stay as they are
    return opened;
  }
  void open() {
    source_ = open(path_);
    target_ = open(rescued_);
  }

  void exec(const std::string& sql) {
    if (sqlite3_exec(target_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw sqlite_error(target_.get());
  }
  std::int64_t count(const std::string& table) {
    Statement statement(target_.get(), "SELECT count(*) FROM " + table);
    Cursor row(statement);
    return row.next() ? row.integer() : 0;
  }

  void copy_all() {
    std::set<std::string> there;
    try {
      Statement schema(source_.get(), "SELECT name FROM sqlite_schema WHERE type='table'");
      for (Cursor row(schema); row.next();) there.insert(row.text());
    } catch (const Error& e) {
      throw Error(ErrorCode::corrupt, "nothing can be read of the catalog, for its schema is damaged: " + e.message(),
                  "restore a backup");
    }
    exec("BEGIN; DELETE FROM note; DELETE FROM sqlite_sequence;");
    for (const Table& table : tables)
      if (there.contains(table.name)) copy(table);
    const std::int64_t before = count("run");
    for (const char* sql : settle) exec(sql);
    if (std::int64_t gone = before - count("run"); gone > 0)
      report_.lost.push_back(std::to_string(gone) + " run(s) without a flow, graph or parameters");
    exec("COMMIT");
  }

  void copy(const Table& table) {
    std::string from = std::string(" FROM ") + table.name;
    if (!table.by_run) {
      if (!copy_from_both_ends(table, from, 0)) report_lost(table.name, "");
      return;
    }
    Statement keys(target_.get(), "SELECT key FROM run");
    std::vector<std::int64_t> runs;
    for (Cursor row(keys); row.next();) runs.push_back(row.integer());
    std::int64_t damaged = 0;
    for (std::int64_t run : runs) damaged += !copy_from_both_ends(table, from + " WHERE run=?1", run);
    if (damaged > 0) report_lost(table.name, " of " + std::to_string(damaged) + " run(s)");
  }

  void report_lost(const char* table, const std::string& of) {
    report_.lost.push_back(std::string("rows of the table ") + table + of);
  }

  /// Up to the first row that cannot be read, from the beginning and from the end. True when all could be read.
  bool copy_from_both_ends(const Table& table, const std::string& from, std::int64_t run) {
    if (copy_rows(table, from + " ORDER BY " + table.key, run)) return true;
    copy_rows(table, from + " ORDER BY " + table.key_back, run);
    return false;
  }

  bool copy_rows(const Table& table, const std::string& from, std::int64_t run) {
    sqlite3_stmt* select = nullptr;
    if (sqlite3_prepare_v2(source_.get(), ("SELECT *" + from).c_str(), -1, &select, nullptr) != SQLITE_OK) return false;
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> finalize(select, sqlite3_finalize);
    if (sqlite3_bind_parameter_count(select) > 0) sqlite3_bind_int64(select, 1, run);
    const int columns = sqlite3_column_count(select);
    std::string names, places;  // an older catalog has fewer columns
    for (int i = 0; i < columns; ++i) {
      names += (i ? ", " : "") + std::string(sqlite3_column_name(select, i));
      places += (i ? ", ?" : "?") + std::to_string(i + 1);
    }
    Statement insert(target_.get(),
                     std::string("INSERT OR IGNORE INTO ") + table.name + "(" + names + ") VALUES(" + places + ")");
    for (;;) {
      int code = sqlite3_step(select);
      if (code == SQLITE_DONE) return true;
      if (code != SQLITE_ROW) return false;
      for (int i = 0; i < columns; ++i) sqlite3_bind_value(insert.get(), i + 1, sqlite3_column_value(select, i));
      // A row that breaks a rule of the table is as lost as one that cannot be read.
      sqlite3_step(insert.get());
      sqlite3_reset(insert.get());
    }
  }

  /// First the log goes aside, for it must never be taken for that of the new catalog; then the new one comes in one
  /// step.
  void put_in_place() {
    auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::microseconds(system_clock().now()));
    for (auto second = now.count();; ++second) {
      report_.damaged = path_ + ".damaged-" + std::to_string(second);
      if (!std::filesystem::exists(report_.damaged)) break;
    }
    std::error_code absent;
    std::filesystem::rename(path_ + "-wal", report_.damaged + "-wal", absent);
    std::filesystem::remove(path_ + "-shm");
    std::filesystem::create_hard_link(path_, report_.damaged);
    system_files().sync_directory(folder_of(path_));
    std::filesystem::rename(rescued_, path_);
    system_files().sync_directory(folder_of(path_));
    system_files().open(path_ + ".lock", OpenMode::write)->truncate(0);  // what was noted is of the old log
    remove(rescued_);
  }

  std::string path_, rescued_;
  std::unique_ptr<FileLock> lock_;
  MendedPages mended_;
  Connection source_, target_;
  Salvaged report_;
};

}  // namespace

Salvaged salvage_catalog(const std::string& path) { return Salvage(path).run(); }

}  // namespace backlot
