#include "backlot/sql/statement.h"

#include "backlot/sql/page_guard.h"

namespace backlot {
namespace {

std::string file_of(sqlite3* db) {
  const char* name = sqlite3_db_filename(db, "main");
  return name ? name : "";
}

}  // namespace

Error sqlite_error(int code, int system_errno, const std::string& file, const std::string& text) {
  if (code == SQLITE_IOERR_DATA) {
    return {ErrorCode::corrupt, damage_found(),
            "restore it from a backup; of a catalog, `backlot fsck --salvage` goes on without what is lost"};
  }
  const std::string message = "database " + file + ": " + text;
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return {ErrorCode::corrupt, message, "`backlot fsck` says what is damaged"};
    case SQLITE_FULL: return {ErrorCode::no_space, message, "free some space, then `resume`: finished tasks are kept"};
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return {ErrorCode::permission, message, "check the owner and mode of its folder"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::io, message, "another program keeps it locked"};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return system_errno != 0 ? system_error(message, system_errno) : Error(ErrorCode::io, message);
    case SQLITE_TOOBIG: return {ErrorCode::invalid, message};
    default: return {ErrorCode::internal, message};
  }
}

Error sqlite_error(sqlite3* db) {
  return sqlite_error(sqlite3_extended_errcode(db), sqlite3_system_errno(db), file_of(db), sqlite3_errmsg(db));
}

Statement::Statement(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  int length = static_cast<int>(sql.size());
  if (sqlite3_prepare_v3(db, sql.data(), length, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK) {
    throw sqlite_error(db);
  }
  statement_.reset(prepared);
}

bool Cursor::next() {
  column_ = 0;
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw sqlite_error(sqlite3_db_handle(statement_));
}

void Cursor::finish() {
  bool has_row = next();
  BACKLOT_ASSERT(!has_row);
}

std::string_view Cursor::view() {
  const void* bytes = sqlite3_column_blob(statement_, column_);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_));
  ++column_;
  return {static_cast<const char*>(bytes), size};
}

void Cursor::bind(int index, std::string_view text) {
  // A null pointer would bind NULL.
  const char* bytes = text.empty() ? "" : text.data();
  check(sqlite3_bind_text64(statement_, index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Cursor::bind(int index, Blob blob) {
  const char* bytes = blob.bytes.empty() ? "" : blob.bytes.data();
  check(sqlite3_bind_blob64(statement_, index, bytes, blob.bytes.size(), SQLITE_STATIC));
}

void Cursor::check(int code) const {
  if (code != SQLITE_OK) throw sqlite_error(sqlite3_db_handle(statement_));
}

}  // namespace backlot
