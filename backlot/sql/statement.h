// SQLite's prepared statements with typed values and typed errors.
#pragma once
#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "backlot/base/error.h"
#include "backlot/base/strong_number.h"

namespace backlot {

/// The Error of the last failed call on `db`: "database <file>: <what SQLite says>", with the code that fits.
Error sqlite_error(sqlite3* db);
/// The same for a result code without a connection's context.
Error sqlite_error(int code, int system_errno, const std::string& file, const std::string& text);

/// Bytes, as opposed to text.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement, kept to be executed many times.
class Statement {
 public:
  Statement(sqlite3* db, std::string_view sql);
  sqlite3_stmt* get() const { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One execution of a statement: the rows one after the other, and of a row its columns one after the other.
/// Nobody else may execute the statement meanwhile. Text and bytes given in `values` must outlive the Cursor.
class Cursor {
 public:
  template <class... Values>
  explicit Cursor(const Statement& statement, const Values&... values) : statement_(statement.get()) {
    BACKLOT_ASSERT(!sqlite3_stmt_busy(statement_));
    int index = 0;
    (bind(++index, values), ...);
  }
  ~Cursor() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// False after the last row.
  bool next();
  /// For statements without rows.
  void finish();

  std::int64_t integer() { return sqlite3_column_int64(statement_, column_++); }
  double real() { return sqlite3_column_double(statement_, column_++); }
  /// Valid until next(). NULL reads as empty.
  std::string_view view();
  std::string text() { return std::string(view()); }
  bool is_null() const { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }
  /// Of an enumeration, or a strong number.
  template <class Value>
  Value as() {
    return static_cast<Value>(integer());
  }

 private:
  template <class Number>
  requires(std::integral<Number> || std::is_enum_v<Number>) void bind(int index, Number value) {
    check(sqlite3_bind_int64(statement_, index, static_cast<std::int64_t>(value)));
  }
  template <class Tag, std::integral Int>
  void bind(int index, StrongNumber<Tag, Int> number) {
    bind(index, number.value());
  }
  void bind(int index, double value) { check(sqlite3_bind_double(statement_, index, value)); }
  void bind(int index, std::string_view text);
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, Blob blob);
  template <class Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value) {
      bind(index, *value);
    } else {
      check(sqlite3_bind_null(statement_, index));
    }
  }
  void check(int code) const;

  sqlite3_stmt* statement_;
  int column_ = 0;
};

}  // namespace backlot
