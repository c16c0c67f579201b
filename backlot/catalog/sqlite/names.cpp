#include "backlot/catalog/sqlite/names.h"

namespace backlot {

std::int64_t Names::intern(std::string_view text) {
  if (auto known = find(text)) return *known;
  database_.execute("INSERT INTO name(text) VALUES(?1)", text);
  std::int64_t id = database_.last_key();
  keep(id, text);
  return id;
}

std::optional<std::int64_t> Names::find(std::string_view text) {
  if (text.empty()) return 0;
  if (auto known = ids_.find(std::string(text)); known != ids_.end()) return known->second;
  Cursor row = database_.query("SELECT id FROM name WHERE text=?1", text);
  if (!row.next()) return std::nullopt;
  std::int64_t id = row.integer();
  keep(id, text);
  return id;
}

const std::string& Names::text(std::int64_t id) {
  static const std::string none;
  if (id == 0) return none;
  if (auto known = texts_.find(id); known != texts_.end()) return known->second;
  Cursor row = database_.query("SELECT text FROM name WHERE id=?1", id);
  if (!row.next()) {
    throw Error(ErrorCode::corrupt, "catalog " + database_.path() + ": name " + std::to_string(id) + " is missing",
                "run `backlot fsck`");
  }
  keep(id, row.view());
  return texts_.at(id);
}

void Names::forget() {
  ids_.clear();
  texts_.clear();
}

void Names::keep(std::int64_t id, std::string_view text) {
  ids_.emplace(text, id);
  texts_.emplace(id, text);
}

}  // namespace backlot
