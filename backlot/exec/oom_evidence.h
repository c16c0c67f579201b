// Did the kernel's out-of-memory killer strike in our control group?
#pragma once
#include <cstdint>
#include <optional>

#include "backlot/base/unique_fd.h"

namespace backlot {

/// Counts the group's oom_kill events. Where there is no such counter, nothing is ever claimed.
class OomEvidence {
 public:
  OomEvidence();
  /// Forgets what happened until now.
  void refresh();
  /// True once for every kill since refresh(): each accounts for one dead process.
  bool claim();

 private:
  std::int64_t count() const;
  UniqueFd file_;
  std::int64_t accounted_ = 0;
};

}  // namespace backlot
