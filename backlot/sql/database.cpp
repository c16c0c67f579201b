#include "backlot/sql/database.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <chrono>
#include <thread>

#include "backlot/base/durable_folder.h"
#include "backlot/sql/damaged_pages.h"
#include "backlot/sql/files_vfs.h"
#include "backlot/sql/log_mark.h"
#include "backlot/sql/page_guard.h"
#include "backlot/sql/vfs.h"

namespace backlot {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 60s;      // for somebody else's commit
constexpr int checkpoint_pages = 1000;  // 4 MiB of WAL
constexpr int truncate_pages = 16'000;  // 64 MiB of WAL: readers kept it from starting anew

void refuse_network_folder(const std::string& path, const std::string& named) {
  struct statfs st;
  if (::statfs(folder_of(path).c_str(), &st) != 0) throw_system_error(named);
  if (auto kind = network_file_system(static_cast<std::uint32_t>(st.f_type))) {
    throw Error(ErrorCode::unsupported, named + " lies on " + std::string(*kind) + ", where SQLite cannot keep it safe",
                "put it on a local disk: set BACKLOT_HOME");
  }
}

/// A path as part of a SQLite URI.
std::string escaped(const std::string& path) {
  std::string uri;
  for (char c : path) uri += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
  return uri;
}

}  // namespace

std::optional<std::string_view> network_file_system(std::uint32_t magic) {
  switch (magic) {
    case NFS_SUPER_MAGIC: return "NFS";
    case SMB_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC: return "SMB";
    case CODA_SUPER_MAGIC: return "Coda";
    case AFS_SUPER_MAGIC:
    case AFS_FS_MAGIC: return "AFS";
    default: return std::nullopt;
  }
}

Database::Database(std::string path, const std::string& vfs, const Schema& schema)
    : schema_(schema),
      path_(std::move(path)),
      vfs_(vfs.empty() ? backlot_vfs().name() : vfs),
      files_(FilesVfs::files_of(vfs_)) {
  if (auto info = files_.info(path_); info && info->is_directory) {
    throw Error(ErrorCode::invalid, named() + " is a folder, not a file");
  }
  make_durable_folder(files_, folder_of(path_));
  if (&files_ == &system_files()) refuse_network_folder(path_, named());
  open_any_way();
  configure();
  refuse_cut_log();
  if (!is_current()) make_or_migrate();
}

Database::~Database() = default;

std::string Database::named() const { return std::string(schema_.name) + " " + path_; }

/// SQLite takes a log with a damaged header for none. One that power cut off is empty, or zeros.
bool Database::has_bad_log_header() {
  constexpr std::size_t size = 32;
  auto info = files_.info(path_ + "-wal");
  if (!info || info->size < size) return false;
  std::string head = files_.open(path_ + "-wal", OpenMode::read)->read(0, size);
  return head.size() == size && head != std::string(size, '\0') &&
         !is_log_header(reinterpret_cast<const unsigned char*>(head.data()));
}

void Database::refuse_cut_log() {
  if (has_bad_log_header()) {
    auto lock = read_only_ ? nullptr : wait_for_lock();
    if (has_bad_log_header())
      throw Error(ErrorCode::corrupt, "the log " + path_ + "-wal is damaged: its header is not what was written",
                  "restore the " + std::string(schema_.name) +
                      " from a backup; `backlot fsck --salvage` goes on without what is lost");
  }
  // Of a database that keeps no log nobody may ask for the log's index: SQLite would not know that it is there.
  if (!files_.info(path_ + ".lock") || !keeps_log()) return;
  std::unique_ptr<File> lock_file = files_.open(path_ + ".lock", OpenMode::read);
  auto is_cut = [&] {
    auto noted = LogMark::noted_in(*lock_file);  // first: the log may grow meanwhile
    auto now = LogMark::of(db_.get());
    return noted && now && now->salts == noted->salts && now->frames < noted->frames;
  };
  if (!is_cut()) return;
  auto lock = read_only_ ? nullptr : wait_for_lock();  // it may be beginning anew
  if (!is_cut()) return;
  throw Error(ErrorCode::corrupt,
              "the log " + path_ + "-wal is damaged: of its " + std::to_string(LogMark::noted_in(*lock_file)->frames) +
                  " frames only the first " + std::to_string(LogMark::of(db_.get())->frames) + " can be read",
              "restore the " + std::string(schema_.name) +
                  " from a backup; `backlot fsck --salvage` goes on without what is lost. Should it be an "
                  "older copy that was put there on purpose, remove " +
                  path_ + ".lock");
}

/// Under the lock, after a commit.
void Database::note_log() {
  auto mark = LogMark::of(db_.get());
  if (!mark) return;
  if (!lock_file_) lock_file_ = files_.open(path_ + ".lock", OpenMode::write);
  mark->note_in(*lock_file_);
}

/// To write, else to read; else, in a folder that lets nobody write, as a file that nobody changes.
void Database::open_any_way() {
  connect(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, false);
  read_only_ = sqlite3_db_readonly(db_.get(), "main") == 1;
  if (is_usable()) return;
  auto log = files_.info(path_ + "-wal");
  if (!read_only_ || (log && log->size > 0)) throw sqlite_error(db_.get());
  connect(SQLITE_OPEN_READONLY, true);
}

void Database::connect(int flags, bool immutable) {
  std::string uri = "file:" + escaped(path_) + (immutable ? "?immutable=1" : "");
  statements_.clear();
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(uri.c_str(), &opened,
                             flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs_.c_str());
  db_.reset(opened);
  if (code != SQLITE_OK) throw sqlite_error(code, sqlite3_system_errno(opened), path_, sqlite3_errmsg(opened));
  sqlite3_busy_timeout(opened, std::chrono::milliseconds(longest_wait).count());
  opened_ = files_.info(path_);
}

void Database::check_place() {
  auto now = files_.info(path_);
  if (!opened_ || (now && now->device == opened_->device && now->inode == opened_->inode)) return;
  throw Error(ErrorCode::replaced,
              "the " + named() + (now ? " was replaced by another file" : " was deleted") + " while it was in use",
              "put it back before anything else uses this home");
}

/// By SQLite's backup: the pages as they are, with room for their checksums, which are made as they are written.
void Database::copy_to(const std::string& path) {
  make_durable_folder(files_, folder_of(path));
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE,
                             vfs_.c_str());
  std::unique_ptr<sqlite3, Close> copy(opened);
  if (code != SQLITE_OK) throw sqlite_error(code, sqlite3_system_errno(opened), path, sqlite3_errmsg(opened));
  int reserve = page_reserve;
  sqlite3_file_control(opened, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
  sqlite3_backup* backup = sqlite3_backup_init(opened, "main", db_.get(), "main");
  if (!backup) throw sqlite_error(opened);
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) throw sqlite_error(opened);
  copy.reset();
  files_.sync_directory(folder_of(path));
}

/// False when SQLite cannot make the shared memory it needs for reading.
bool Database::is_usable() {
  int code = sqlite3_exec(db_.get(), "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  int primary = code & 0xff;
  if (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY) return false;
  if (code != SQLITE_OK) throw sqlite_error(db_.get());
  return true;
}

void Database::configure() {
  // Closing does not checkpoint: that is done under our lock only.
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  run_script(
      "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
      "PRAGMA cache_spill=OFF;"
      "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=OFF;");
  auto remember_length = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Database*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(db_.get(), remember_length, this);
  checkpoint_at_ = checkpoint_pages;
}

bool Database::is_current() {
  std::int64_t version = 0, application = 0;
  bool is_empty = false;
  {
    ReadTransaction of_one_moment(*this);  // another process may be making the catalog
    version = pragma("user_version");
    application = pragma("application_id");
    is_empty = version == 0 && pragma("schema_version") == 0;
  }
  if (application != schema_.application_id && !is_empty) {
    throw Error(ErrorCode::invalid,
                path_ + " is a SQLite database, but no " + std::string(schema_.name) + " of backlot's",
                "move it away, or set BACKLOT_HOME");
  }
  if (version > schema_.version()) {
    throw Error(ErrorCode::newer_format,
                named() + " was made by a newer backlot (schema " + std::to_string(version) + ", this one knows " +
                    std::to_string(schema_.version()) + ")",
                "upgrade backlot");
  }
  return version == schema_.version() && (read_only_ || keeps_log());
}

/// False for a new file, and for a copy that SQLite made by VACUUM INTO or from a dump.
bool Database::keeps_log() {
  Cursor mode = query("PRAGMA journal_mode");
  return mode.next() && mode.view() == "wal";
}

void Database::make_or_migrate() {
  if (read_only_) {
    throw Error(ErrorCode::permission, named() + " was made by an older backlot and cannot be migrated here",
                "open it once where it can be written");
  }
  std::unique_ptr<FileLock> lock = wait_for_lock();
  if (is_current()) return;  // somebody else was first
  const bool is_new = pragma("schema_version") == 0;
  if (is_new) reserve_bytes(page_reserve);
  run_script("PRAGMA page_size=4096; PRAGMA journal_mode=WAL;");
  if (!keeps_log()) {
    throw Error(ErrorCode::unsupported, named() + ": SQLite cannot keep a write-ahead log in this folder");
  }
  if (!is_new) give_pages_room();
  std::string script = "BEGIN IMMEDIATE;";
  for (std::size_t i = static_cast<std::size_t>(pragma("user_version")); i < schema_.steps.size(); ++i)
    script += schema_.steps[i];
  script += "PRAGMA application_id=" + std::to_string(schema_.application_id) + ";";
  script += "PRAGMA user_version=" + std::to_string(schema_.version()) + "; COMMIT;";
  run_script(script);
  files_.sync_directory(folder_of(path_));
}

/// For checksums, which files from before them have none. May be cut off at any moment: VACUUM is one transaction.
void Database::give_pages_room() {
  if (reserve_bytes(-1) >= page_reserve) return;
  reserve_bytes(page_reserve);
  TrustedLog log;
  run_script("PRAGMA cache_spill=ON; VACUUM; PRAGMA cache_spill=OFF;");
}

/// How many bytes at the end of each page SQLite leaves alone; asks for another number from the next VACUUM on.
int Database::reserve_bytes(int wanted) {
  sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_RESERVE_BYTES, &wanted);
  return wanted;
}

const Statement& Database::prepared(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) found = statements_.emplace(sql, Statement(db_.get(), sql)).first;
  return found->second;
}

void Database::run_script(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return;
  Error error = sqlite_error(db_.get());
  if (!sqlite3_get_autocommit(db_.get())) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  throw error;
}

std::int64_t Database::pragma(const char* name) {
  Cursor value = query(std::string("PRAGMA ") + name);
  return value.next() ? value.integer() : 0;
}

std::vector<std::int64_t> Database::damaged_pages() {
  std::vector<std::int64_t> found = damaged_pages_in(files_, path_);
  if (found.empty() || read_only_) return found;
  // One that is being moved there, or was when power failed, is whole in the log.
  auto lock = wait_for_lock();
  checkpoint();
  return damaged_pages_in(files_, path_);
}

std::unique_ptr<FileLock> Database::wait_for_lock() {
  auto deadline = std::chrono::steady_clock::now() + longest_wait;
  for (auto pause = 50us;; pause = std::min(pause * 2, std::chrono::microseconds(2ms))) {
    if (auto lock = files_.try_lock(path_ + ".lock")) return lock;
    if (std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorCode::io, named() + " is busy: another process holds its lock for a minute",
                  "look for a stopped backlot process that has " + path_ + ".lock open");
    }
    std::this_thread::sleep_for(pause);
  }
}

/// Waits for no reader, except to shorten a log that they have let grow very long; and then not much.
bool Database::checkpoint() {
  int pages = 0, moved = 0;
  int code = sqlite3_wal_checkpoint_v2(db_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
  if (code != SQLITE_OK) return false;
  if (pages >= truncate_pages && moved == pages) truncate_log();
  // What a reader held back is tried again only when there is as much to move once more.
  checkpoint_at_ = moved == pages ? checkpoint_pages : pages + checkpoint_pages;
  return true;
}

void Database::empty_log() {
  if (read_only_) return;
  auto lock = wait_for_lock();
  truncate_log();
}

void Database::truncate_log() {
  sqlite3_busy_timeout(db_.get(), 100);
  sqlite3_wal_checkpoint_v2(db_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(db_.get(), std::chrono::milliseconds(longest_wait).count());
}

WriteTransaction::WriteTransaction(Database& database) : database_(database) {
  if (database_.read_only_) {
    throw Error(ErrorCode::permission, database_.named() + " can only be read here",
                "check the owner and mode of its folder");
  }
  lock_ = database_.wait_for_lock();
  if (database_.checkpoint_failed_ && !database_.checkpoint()) throw sqlite_error(database_.db_.get());
  database_.checkpoint_failed_ = false;
  database_.check_place();
  database_.execute("BEGIN IMMEDIATE");
}

WriteTransaction::~WriteTransaction() {
  // After some errors SQLite has rolled back by itself.
  if (open_ && !sqlite3_get_autocommit(database_.db_.get())) {
    sqlite3_exec(database_.db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void WriteTransaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
  database_.note_log();
  // The commit stands even when this fails; the next one will not begin before it has succeeded.
  if (database_.log_pages_ >= database_.checkpoint_at_) database_.checkpoint_failed_ = !database_.checkpoint();
}

ReadTransaction::ReadTransaction(Database& database) : database_(database) { database_.execute("BEGIN"); }
ReadTransaction::~ReadTransaction() { sqlite3_exec(database_.db_.get(), "COMMIT", nullptr, nullptr, nullptr); }

}  // namespace backlot
