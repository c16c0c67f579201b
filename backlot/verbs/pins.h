// What a domain keeps in the store beside the runs: a model, a report, a recording. Whoever has a blob's name outside
// of runs registers it here, or gc takes the blob.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

/// Where a domain puts its values (ValueSaver). An hour later gc takes what is not kept by then.
BlobWriter& writer(const client::Client& client);

/// Under `name` the domain keeps these values from now on, and no others; without any it keeps nothing there. What was
/// put in the store before is durable first. Throws Error not_found, and keeps what it kept, when a blob of one is not
/// there; gc may be at work meanwhile.
void keep(const client::Client& client, std::string_view domain, std::string_view name,
          const std::vector<Reference>& values);

}  // namespace backlot::verbs
