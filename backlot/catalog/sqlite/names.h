// Interned names: users, flows, steps, tags … are stored once and referred to by number. Internal to this room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "backlot/sql/database.h"

namespace backlot {

/// The empty name is 0. A name's number never changes, so what was read once is kept.
class Names {
 public:
  explicit Names(Database& database) : database_(database) {}
  /// Interns it when it is new: inside a WriteTransaction only.
  std::int64_t intern(std::string_view text);
  /// Empty when nobody has used the name.
  std::optional<std::int64_t> find(std::string_view text);
  const std::string& text(std::int64_t id);
  /// After a transaction was rolled back: numbers it gave may be given again.
  void forget();

 private:
  void keep(std::int64_t id, std::string_view text);
  Database& database_;
  std::unordered_map<std::string, std::int64_t> ids_;
  std::unordered_map<std::int64_t, std::string> texts_;
};

}  // namespace backlot
