// For tests: SQL past the Catalog, to look at a file or to damage it.
#pragma once
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

namespace backlot {

/// Runs `sql` and returns the first column of its rows, a line each.
inline std::string raw_sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK) << path;
  auto add_line = [](void* text, int, char** columns, char**) {
    *static_cast<std::string*>(text) += std::string(columns[0] ? columns[0] : "") + "\n";
    return 0;
  };
  std::string text;
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), add_line, &text, &error), SQLITE_OK) << (error ? error : "");
  sqlite3_free(error);
  sqlite3_close(db);
  return text;
}

}  // namespace backlot
