// Resuming a run without being its scheduler: its own code goes on as a process of its own.
#pragma once
#include <string>

#include "backlot/client/client.h"

namespace backlot::verbs {

/// Starts what resume_command says in a session of its own, so that it outlives the caller, and returns the new run as
/// soon as it exists. Throws Error conflict when the run has ended well, goes on, or cannot be resumed, with what its
/// program said, and not_found when its code was not kept.
client::Run resume_in_background(const client::Client& client, const client::Run& origin, const std::string& step);

}  // namespace backlot::verbs
