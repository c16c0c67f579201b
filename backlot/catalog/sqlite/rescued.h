// A catalog that was deleted or replaced under a run, as the run's scheduler saved it: `<catalog>.rescued-<run id>`
// (Catalog::rescue). Until it is put in its place, or removed, nothing makes another catalog there.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/base/files.h"

namespace backlot {

/// Where the scheduler of a run saves it.
std::string rescued_catalog(const std::string& path, std::int64_t run_id);

/// Their paths, the oldest run's first.
std::vector<std::string> rescued_catalogs(Files& files, const std::string& path);

/// Throws Error conflict, which says what to do, when there is one.
void refuse_beside_rescued(Files& files, const std::string& path);

/// Puts the newest in the place of the catalog at `path`, which must be gone or without runs. What was left of that
/// goes aside, to `<catalog>.replaced-<run id>`. Returns the path that it had. Throws Error not_found when there is
/// none, conflict when the catalog in its place has runs or somebody else is writing to it. No process may have it
/// open.
std::string put_rescued_in_place(const std::string& path);

}  // namespace backlot
