// What this machine lets us use: the scheduler's budget.
#pragma once
#include <cstdint>
#include <string>

namespace backlot {

struct Machine {
  double cpus = 1;           ///< cores; a quota may leave a fraction
  std::uint64_t memory = 0;  ///< bytes
  int gpus = 0;
  std::string text;  ///< "2 cpus (affinity), 23.5 GiB (cgroup limit), no gpu"
};

/// From the cpu affinity, the control group's limits, /proc/meminfo and /dev/nvidia*.
Machine this_machine();
/// The same, with the files below `root` and that many cores in the affinity mask.
Machine machine_at(const std::string& root, int affinity_cpus);

}  // namespace backlot
