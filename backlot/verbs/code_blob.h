// A flow's code as a blob: the binary it runs with, stored once per hash.
#pragma once
#include <string>

#include "backlot/base/files.h"
#include "backlot/catalog/catalog.h"
#include "backlot/home/home.h"
#include "backlot/store/store.h"

namespace backlot {

/// Stores the running binary, though its path may lead elsewhere by now; returns the blob's name in hex. The catalog
/// notes which file was stored, by device, inode, size and times, so that it is hashed once in a home.
std::string store_code(BlobStore& store, Catalog& catalog, Files& files);

/// Writes the binary that a run ran with into a file, and returns its path. `gc` removes it.
/// Throws Error not_found when the run's binary is not in the store.
std::string program_of(const RunRow& run, const Home& home, BlobStore& store);

}  // namespace backlot
