// The tables of the catalog and how older ones become newer (docs/formats/catalog.md). Internal to this room.
#pragma once
#include <string_view>
#include <vector>

namespace backlot {

/// PRAGMA application_id: "BKLT".
inline constexpr int catalog_application_id = 0x424b4c54;

/// SQL that leads from schema version i to i + 1; version 0 is an empty file.
const std::vector<std::string_view>& schema_steps();
/// The newest version. Its last step is no SQL: every page gets room for a checksum (page_guard.h), by VACUUM.
inline int schema_version() { return static_cast<int>(schema_steps().size()) + 1; }

}  // namespace backlot
