// What became of an attempt whose process has ended.
#pragma once
#include <map>
#include <string>

#include "backlot/base/clock.h"
#include "backlot/engine/executor.h"
#include "backlot/value/manifest.h"

namespace backlot {

/// Why an attempt was stopped by us, if it was.
struct Stopped {
  bool timed_out = false, cancelled = false;
  Duration timeout{0};  ///< that it had
};

/// Metadata as an attempt sent it while it ran, by key.
using SentMetadata = std::map<std::string, std::string>;

/// The manifest it left; where its process left nothing whole, one whose failure says how that ended, with the metadata
/// that it had `sent`. One that ended with an exception after we had cancelled it was cancelled.
Manifest outcome_of(const Exit& exit, const Stopped& stopped, const SentMetadata& sent = {});

}  // namespace backlot
