// What a token can see: layers of named references, shared by all tokens that have them in common.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "backlot/value/manifest.h"

namespace backlot {

class Scope;
using ScopePtr = std::shared_ptr<const Scope>;

/// Immutable. A layer over another one; the newest entry of a name is the one that is seen.
class Scope {
 public:
  /// `entries` need not be sorted. Layers above `base` are merged every 16, so that look-ups in a long loop stay short.
  static ScopePtr extend(ScopePtr under, std::vector<NamedReference> entries, const ScopePtr& base);

  /// Everything seen above `base` (all of it when null), sorted by name. `complete` tells whether `base` was not met.
  static std::vector<NamedReference> seen(const ScopePtr& scope, const ScopePtr& base = {}, bool* complete = nullptr);
  /// How many layers a look-up may have to go through.
  static int layers(const ScopePtr& scope);

 private:
  ScopePtr under_;
  std::vector<NamedReference> entries_;  // sorted by name
  int depth_ = 0;                        // layers above the last merged one
};

}  // namespace backlot
