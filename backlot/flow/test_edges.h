// Edges by plain numbers, for tests.
#pragma once
#include <initializer_list>
#include <vector>

#include "backlot/flow/graph.h"

namespace backlot {

struct NumberedEdge {
  int from, to;
  const char* label = "";
};

/// edges_of({{0, 1}, {1, 0, "again"}, {1, 2, "done"}}); -1 is no_node.
inline std::vector<Edge> edges_of(const std::vector<NumberedEdge>& numbered) {
  std::vector<Edge> edges;
  for (const NumberedEdge& e : numbered) edges.push_back({NodeId(e.from), NodeId(e.to), e.label});
  return edges;
}

/// ids_of({1, 3})
inline std::vector<NodeId> ids_of(std::initializer_list<int> numbers) {
  std::vector<NodeId> ids;
  for (int number : numbers) ids.emplace_back(number);
  return ids;
}

}  // namespace backlot
