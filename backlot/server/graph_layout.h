// Where the boxes and arrows of a graph stand when it is drawn: Graphviz decides, in a helper process, once a graph.
#pragma once
#include <string>
#include <string_view>

#include "backlot/flow/graph.h"

namespace backlot::server {

/// JSON as openapi.json's Layout has it: pixels, y downwards. Kept for graphs of the same `encoded` bytes. Thread-safe.
/// Throws Error unsupported when Graphviz is not installed, io when it fails.
std::string layout_of(const Graph& graph, std::string_view encoded);

}  // namespace backlot::server
