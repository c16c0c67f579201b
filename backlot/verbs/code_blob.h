// A flow's code as a blob: the binary it runs with, stored once per hash.
#pragma once
#include <string>

#include "backlot/base/files.h"
#include "backlot/catalog/catalog.h"
#include "backlot/store/store.h"

namespace backlot {

/// Stores the running binary, unless the catalog notes that this very file was stored before; returns the blob's name
/// in hex.
std::string store_code(BlobStore& store, Catalog& catalog, Files& files);

}  // namespace backlot
