// The catalog in a SQLite file (docs/formats/catalog.md).
#pragma once
#include <memory>
#include <string>

#include "backlot/catalog/catalog.h"

namespace backlot {

/// Made when absent, migrated when older. `vfs` names a registered SQLite VFS; empty: backlot's own over the real file
/// system. Throws Error conflict when a rescued catalog lies beside it (rescued.h), and what Database throws.
std::unique_ptr<Catalog> open_sqlite_catalog(const std::string& path, const std::string& vfs = {});

/// Whether there is a catalog in a SQLite file that has runs: one without is as good as none, for `list` makes it.
bool has_runs(const std::string& path);

}  // namespace backlot
