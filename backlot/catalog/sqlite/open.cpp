#include "backlot/catalog/sqlite/open.h"

#include "backlot/base/durable_folder.h"
#include "backlot/catalog/sqlite/rescued.h"
#include "backlot/catalog/sqlite/sqlite_catalog.h"
#include "backlot/sql/files_vfs.h"
#include "backlot/sql/vfs.h"

namespace backlot {

std::unique_ptr<Catalog> open_sqlite_catalog(const std::string& path, const std::string& vfs) {
  Files& files = FilesVfs::files_of(vfs.empty() ? backlot_vfs().name() : vfs);
  if (!files.info(path) && files.info(folder_of(path))) refuse_beside_rescued(files, path);
  return std::make_unique<SqliteCatalog>(path, vfs);
}

bool has_runs(const std::string& path) {
  if (!system_files().info(path)) return false;
  RunFilter any;
  any.limit = 1;
  return !open_sqlite_catalog(path)->runs(any).empty();
}

}  // namespace backlot
