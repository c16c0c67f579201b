// Brings what older versions of backlot wrote up to what this one keeps. Opening a home has migrated its catalog; what
// would take long then is done here.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

struct UpgradeReport {
  std::uint64_t runs = 0;           ///< whose tasks did not say which task led to them
  std::uint64_t tasks = 0;          ///< of those runs
  std::uint64_t live = 0;           ///< runs left out, for they go on
  std::vector<std::string> failed;  ///< "Flow/7: why", of runs that cannot be read
};

/// May be cut off at any moment and done again: a run is one transaction. `told` hears of each run before it is looked
/// at: how many were, and how many there are.
UpgradeReport upgrade(const client::Client& client, const std::function<void(std::size_t, std::size_t)>& on_run);

}  // namespace backlot::verbs
