// Runs whose scheduler is gone: killed, or with the machine it ran on.
#pragma once
#include "backlot/client/client.h"

namespace backlot::verbs {

/// Whether a scheduler holds the run, or it has only just begun.
bool is_live(const client::Client& client, const RunRow& run);

/// Ends a run that lost its scheduler, with `state` and `why`; what it had not finished counts as cancelled, what it
/// had finished stays for `resume`. Throws Error conflict when its scheduler lives after all.
void end_lost_run(const client::Client& client, const RunRow& run, RunState state, const std::string& why);

}  // namespace backlot::verbs
