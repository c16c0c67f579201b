// backlot::current(): which task this is, and what it can say while it runs.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace backlot {

/// The task that this process runs. log, progress and metadata may be called anywhere, so that a step can be tested
/// without an engine: outside a task log prints, and the other two do nothing. Everything else throws Error unset
/// there.
class Current {
 public:
  const std::string& flow() const;
  std::int64_t run() const;
  const std::string& step() const;
  std::int64_t task() const;            ///< its dense number in the run
  int attempt() const;                  ///< from 0
  const std::string& index() const;     ///< where it stands in foreachs and loops: "[3.17]", "[@1]", "[]"
  std::string pathspec() const;         ///< "MovieStats/1763829152123456/compute/[3]"
  std::int64_t origin_run() const;      ///< the run it was resumed from; 0: none
  std::uint64_t seed() const;           ///< the same for every attempt
  const std::string& temp_dir() const;  ///< an empty directory of the task's own, made by the first call

  void log(std::string_view line) const;                              ///< a line on standard output, at once
  void progress(double share, std::string_view note = {}) const;      ///< how much is done, 0 to 1
  void metadata(std::string_view key, std::string_view value) const;  ///< kept with the attempt, also when it dies
};

Current current();

}  // namespace backlot
