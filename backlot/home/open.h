// The one place that knows what a home's catalog and store are: today a SQLite file and a folder.
#pragma once
#include <memory>

#include "backlot/catalog/catalog.h"
#include "backlot/home/home.h"
#include "backlot/store/store.h"

namespace backlot {

/// Made when absent, in a home that is there (make_home). Throws what open_sqlite_catalog() throws.
std::unique_ptr<Catalog> open_catalog(const Home& home);
/// Made when absent. Throws what open_local_store() throws.
std::unique_ptr<BlobStore> open_store(const Home& home);

}  // namespace backlot
