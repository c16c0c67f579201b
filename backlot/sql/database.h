// A database as we use one, a SQLite file: how it is opened, written under one lock, and checkpointed. Every page is
// checked against a checksum (page_guard.h), the log against how far it reached (log_mark.h).
#pragma once
#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/files.h"
#include "backlot/sql/statement.h"

namespace backlot {

/// The kind of network file system a folder lies on, by the magic number of statfs; empty: a local one.
/// SQLite's WAL keeps its index in shared memory, which two machines do not share.
std::optional<std::string_view> network_file_system(std::uint32_t magic);

/// What a database holds, and how an older one becomes a newer one.
struct Schema {
  std::string_view name;                ///< what the file is called in errors: "catalog"
  int application_id = 0;               ///< PRAGMA application_id, which tells it from other SQLite files
  std::vector<std::string_view> steps;  ///< SQL that leads from version i to i + 1; version 0 is an empty file
  int version() const { return static_cast<int>(steps.size()); }
};

/// Not thread-safe. Statements are prepared once and kept.
class Database {
 public:
  /// Opens, makes or migrates the file. Read-only when the system allows no more. `vfs` names a registered SQLite VFS;
  /// empty: ours over the real file system. `schema` must outlive it. Throws Error unsupported on a network file
  /// system, newer_format, invalid when the file is of another application, corrupt, permission, io.
  Database(std::string path, const std::string& vfs, const Schema& schema);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& path() const { return path_; }
  /// Reads the whole file: the numbers of the pages that do not hold their checksum.
  std::vector<std::int64_t> damaged_pages();

  /// `sql` must be executed by one Cursor at a time. Text and bytes in `values` must outlive the Cursor.
  template <class... Values>
  Cursor query(std::string_view sql, const Values&... values) {
    return Cursor(prepared(sql), values...);
  }
  /// For statements without rows. Returns how many rows it changed.
  template <class... Values>
  std::int64_t execute(std::string_view sql, const Values&... values) {
    query(sql, values...).finish();
    return sqlite3_changes64(db_.get());
  }
  /// Throws Error replaced when the path no longer leads to what is open.
  void check_place();
  /// All that was committed, to a new file.
  void copy_to(const std::string& path);
  /// Moves the whole log into the database and empties it; does nothing where readers need it for longer than a moment.
  void empty_log();
  std::int64_t last_key() const { return sqlite3_last_insert_rowid(db_.get()); }

 private:
  std::string named() const;  ///< "catalog /home/catalog.sqlite"
  friend class WriteTransaction;
  friend class ReadTransaction;
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };

  const Statement& prepared(std::string_view sql);
  void run_script(const std::string& sql);
  std::int64_t pragma(const char* name);
  void connect(int flags, bool immutable);
  void open_any_way();
  bool is_usable();
  void configure();
  void make_or_migrate();
  bool has_bad_log_header();
  void refuse_cut_log();
  void note_log();
  void give_pages_room();
  int reserve_bytes(int wanted);
  bool is_current();
  bool keeps_log();
  std::unique_ptr<FileLock> wait_for_lock();
  bool checkpoint();
  void truncate_log();

  const Schema& schema_;
  std::string path_, vfs_;
  Files& files_;
  std::unique_ptr<sqlite3, Close> db_;
  std::map<std::string, Statement, std::less<>> statements_;  // after db_: finalized before it closes
  std::optional<FileInfo> opened_;                            ///< what the path led to then
  bool read_only_ = false;
  int log_pages_ = 0;                ///< of the WAL after the last commit
  std::unique_ptr<File> lock_file_;  ///< open once a commit was noted in it
  bool checkpoint_failed_ = false;
  int checkpoint_at_ = 0;  ///< at how many pages of WAL the next checkpoint is due
};

/// All or nothing, alone: under the database's file lock from here to the end. Rolled back unless committed.
class WriteTransaction {
 public:
  explicit WriteTransaction(Database& database);
  ~WriteTransaction();
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  /// Durable when it returns. Checkpoints the WAL when that has grown long.
  void commit();

 private:
  Database& database_;
  std::unique_ptr<FileLock> lock_;
  bool open_ = true;
};

/// Several queries that see the same moment.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& database);
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Database& database_;
};

}  // namespace backlot
