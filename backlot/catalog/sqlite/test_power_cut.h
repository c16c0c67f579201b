// For tests: a catalog that power leaves while it is opened.
#pragma once
#include "backlot/base/test_memory_files.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/sql/files_vfs.h"

namespace backlot {

/// Opens the catalog at /home/catalog, which is made or migrated so far; power fails after so many operations of the
/// disk, and is there again.
inline void open_until_dark(MemoryFiles& files, FilesVfs& vfs, std::uint64_t operations) {
  files.power_off_after(operations);
  try {
    open_sqlite_catalog("/home/catalog", vfs.name());
  } catch (const Error&) {}
  files.crash(operations * 7 + 1);
  vfs.forget();
}

}  // namespace backlot
