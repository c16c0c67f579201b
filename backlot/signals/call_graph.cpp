#include "backlot/signals/call_graph.h"

#include <deque>

namespace backlot::signals {

std::map<std::string, unsigned, std::less<>> hops_from(std::string_view from, const std::vector<Call>& calls) {
  std::map<std::string, std::vector<const std::string*>, std::less<>> neighbours;
  for (const Call& call : calls) {
    neighbours[call.caller].push_back(&call.callee);
    neighbours[call.callee].push_back(&call.caller);
  }
  std::map<std::string, unsigned, std::less<>> hops{{std::string(from), 0}};
  std::deque<std::string> open{std::string(from)};
  while (!open.empty()) {
    const std::string here = open.front();
    open.pop_front();
    for (const std::string* next : neighbours[here])
      if (hops.emplace(*next, hops[here] + 1).second) open.push_back(*next);
  }
  return hops;
}

}  // namespace backlot::signals
