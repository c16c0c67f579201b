// Resuming a run without being its scheduler: its own code goes on as a process of its own.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "backlot/client/client.h"

namespace backlot::verbs {

/// Starts what resume_command says in a session of its own, so that it outlives the caller, and returns the new run as
/// soon as it exists. A program that has begun no run within `longest_start` is killed, with all that it started.
/// Throws Error conflict when the run has ended well, goes on, is being resumed, or cannot be resumed, with what its
/// program said, and not_found when its code was not kept.
client::Run resume_in_background(const client::Client& client, const client::Run& origin, const std::string& step,
                                 std::chrono::milliseconds longest_start = std::chrono::seconds(30));

/// The run whose scheduler lives and that a resume of `origin` would compete with: itself, or another resume of it.
std::optional<client::Run> live_rival(const client::Client& client, const client::Run& origin);

}  // namespace backlot::verbs
