// A graph for people: as indented text, and as the languages of Graphviz and Mermaid.
#pragma once
#include <string>
#include <string_view>

#include "backlot/flow/graph.h"

namespace backlot::verbs {

enum class GraphFormat { text, dot, mermaid, svg };
/// Throws Error usage for another word than text, dot, mermaid or svg.
GraphFormat graph_format(std::string_view word);

/// `name` is the flow's. svg runs Graphviz's `dot`: throws Error unsupported when it is not installed.
std::string draw(const Graph& graph, std::string_view name, GraphFormat format);

}  // namespace backlot::verbs
