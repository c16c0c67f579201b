// The tables of the catalog and how older ones become newer (docs/formats/catalog.md). Internal to this room.
#pragma once
#include <string_view>
#include <vector>

namespace backlot {

/// PRAGMA application_id: "BKLT".
inline constexpr int catalog_application_id = 0x424b4c54;

/// SQL that leads from schema version i to i + 1; version 0 is an empty file. The newest version is the size.
const std::vector<std::string_view>& schema_steps();
inline int schema_version() { return static_cast<int>(schema_steps().size()); }

}  // namespace backlot
