// What the client reads, as JSON objects: what as_json and the server's answers are made of. Times are RFC 3339 in UTC,
// durations seconds; what is not known is left out.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "backlot/verbs/show.h"

namespace backlot::verbs {

using Json = nlohmann::ordered_json;

Json json_of(const client::Run& run);
Json json_of(const client::Step& step);
Json json_of(const client::Task& task);
Json json_of(const client::Artifact& artifact);  ///< without its value
Json json_of(const AttemptDetails& attempt);
Json json_of(const std::vector<Metadatum>& metadata);
Json json_of_parameter(const client::Artifact& parameter);  ///< with its value

}  // namespace backlot::verbs
