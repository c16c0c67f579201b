// One history of the whole engine: plan, scheduler, committer, store, catalog and log are the real ones; time, disk and
// processes are the simulator's. From a seed: power cuts and kills at any operation, slow and dead runners, a second
// scheduler that takes a run over. After each, the promises are checked, and the run is resumed until it is done.
#pragma once
#include <cstdint>
#include <string>

#include "tests/sim/bugs.h"

namespace backlot::sim {

struct History {
  std::string problem;  ///< empty: all promises held
  int power_cuts = 0, kills = 0, takeovers = 0, runs = 0, flips = 0, replaced = 0;
  std::int64_t tasks = 0, cloned = 0, cached = 0, retried = 0, edited = 0;
};

/// The same seed and bug give the same history.
History simulate(std::uint64_t seed, Bug bug = Bug::none);

}  // namespace backlot::sim
