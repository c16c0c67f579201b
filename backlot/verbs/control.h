// What can be asked of a run from outside: to stop, to carry other tags.
#pragma once
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

/// How a change of a run is made: at once, or by its scheduler, which looks for requests every tick.
enum class Done : std::uint8_t { now, requested };

/// Asks a running run to stop; one that has lost its scheduler ends at once. Throws Error conflict when it has ended.
Done cancel(const client::Client& client, const Pathspec& run);

/// Adds and removes tags of a run. Throws Error usage for a tag that is empty, longer than 128 bytes, or holds a
/// control character.
Done tag(const client::Client& client, const Pathspec& run, const std::vector<std::string>& add,
         const std::vector<std::string>& remove);

}  // namespace backlot::verbs
