// Runs programs and says what they cost: what the benches of whole commands share.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace backlot::bench {

/// Of a program and all processes that it, and those, have waited for.
struct Cost {
  double wall_s = 0, cpu_s = 0;
  double peak_mb = 0;  ///< resident memory of the largest single process
};

/// A program as it is run: its words, and environment variables beyond ours.
struct Command {
  std::vector<std::string> words;  ///< the first is a path
  std::vector<std::pair<std::string, std::string>> environment{};
};

/// Throws Error when it cannot be started or ends otherwise than with exit code 0. Its output goes to /dev/null.
Cost run(const Command& command);

/// How many system calls the program and all its descendants make, counted by `perf stat`. Empty where perf or its
/// tracepoint is not to be had.
std::optional<std::uint64_t> count_system_calls(const Command& command, const std::string& scratch_file);

/// Of an odd number of values the one in the middle.
double median(std::vector<double> values);
/// The median of `times` measurements.
double median_of(int times, const std::function<double()>& measure);

}  // namespace backlot::bench
