// Reports that runs of the flow Investigate left in the home: listed, read, compared.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "backlot/client/client.h"

namespace backlot::signals::app {

using Json = nlohmann::ordered_json;

struct KeptReport {
  client::Run run;
  client::Artifact report;               ///< JSON (docs/formats/signals-report.schema.json)
  std::optional<client::Artifact> page;  ///< the same as a page for people; empty: an older version ran
};

/// Empty when the run has left none: it goes on, or failed. Throws Error usage when it is of another flow.
std::optional<KeptReport> kept_report(const client::Run& run);

/// Throws Error corrupt, naming the artifact, when it is no report.
Json json_of(const KeptReport& kept);

/// In a line of the list: the target, when it changed, whether anything explains it, and the best three.
Json summary_of(const KeptReport& kept);

/// Each series that either of two reports names, with its place and score in both: first what both name, by the place
/// in `a`; null: that one does not name it.
Json comparison_of(const Json& a, const Json& b);

}  // namespace backlot::signals::app
