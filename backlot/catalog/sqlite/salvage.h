// What can still be read of a damaged catalog, as a catalog of its own: for `backlot fsck --salvage`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace backlot {

struct Salvaged {
  std::int64_t runs = 0, tasks = 0, attempts = 0;  ///< in the new catalog
  std::vector<std::string> lost;  ///< a line for each table that could not be read whole, and for each run that is gone
  std::int64_t mended_pages = 0;  ///< in which one bit had been flipped, and is as it was
  std::string damaged;            ///< where the files lie that were in its place, with "-wal" beside it
};

/// Makes a catalog of what can be read of the one at `path` and puts it in its place. A page in which a single bit
/// was flipped is read as it was before, where only one bit can be it. Other pages whose checksum does not hold are not
/// read, and nothing is kept that lacks what it belongs to. No other process may have the catalog open. Throws Error
/// corrupt when nothing can be read, conflict when somebody else is writing to it.
Salvaged salvage_catalog(const std::string& path);

}  // namespace backlot
