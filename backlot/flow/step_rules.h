// The rules of lint that look at one step alone: its name and its decorators.
#pragma once
#include "backlot/flow/graph.h"

namespace backlot {

/// A letter or _, then letters, digits and _: what a step, artifact or parameter may be called.
bool is_identifier(std::string_view name);

/// Adds what is wrong with a step or join to `found`.
void check_step(const Node& step, std::vector<Diagnostic>& found);

}  // namespace backlot
