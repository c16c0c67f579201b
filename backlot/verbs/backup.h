// A home's copy in another folder, taken while runs go on, and a home made of such a copy.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

struct BackupReport {
  std::uint64_t runs = 0, live_runs = 0;  ///< in the copy; those that were going on will be lost, and can be resumed
  std::uint64_t blobs = 0, new_blobs = 0, log_bytes = 0;  ///< in it, copied now, of logs copied now
  std::vector<std::string> missing;  ///< a line for each blob that is needed and could not be copied
};

/// Copies what the catalog holds at one moment, every blob that is needed for it and the logs to `folder`, itself laid
/// out as a home. What an earlier backup left there is kept where it is the same. Until the last step, which puts the
/// new catalog in place, `folder` is what it was. Safe under running flows and gc. Throws Error usage when `folder` is
/// in the home or is no backup.
BackupReport backup(const client::Client& client, const std::string& folder);

/// Makes the home of a backup. Throws Error usage when there is a catalog in the home, or none in `folder`.
BackupReport restore(const Home& home, const std::string& folder);

}  // namespace backlot::verbs
