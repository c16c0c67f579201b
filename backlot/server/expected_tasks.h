// How many tasks the steps inside of a foreach will have: what a progress bar is drawn against.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "backlot/client/run.h"

namespace backlot::server {

/// By step, as far as the tasks before the foreachs have decided; a step that is in no foreach, or whose number would
/// take more than a thousand manifests to know, is left out.
std::map<std::string, std::int64_t> expected_tasks(const client::Run& run, Catalog& catalog);

}  // namespace backlot::server
