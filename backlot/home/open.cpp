#include "backlot/home/open.h"

#include "backlot/catalog/sqlite/open.h"
#include "backlot/store/local/local_store.h"

namespace backlot {

std::unique_ptr<Catalog> open_catalog(const Home& home) { return open_sqlite_catalog(home.catalog()); }

std::unique_ptr<BlobStore> open_store(const Home& home) {
  return open_local_store(system_files(), system_clock(), home.store());
}

}  // namespace backlot
