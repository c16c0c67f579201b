#include "backlot/engine/origin.h"

namespace backlot {

std::vector<bool> reachable_from(const Graph& graph, NodeId node) {
  std::vector<bool> reached(graph.nodes.size(), false);
  std::vector<NodeId> open{node};
  while (!open.empty()) {
    NodeId at = open.back();
    open.pop_back();
    if (reached[static_cast<std::size_t>(at)]) continue;
    reached[static_cast<std::size_t>(at)] = true;
    for (const Edge& e : graph.edges) {
      if (e.from == at) open.push_back(e.to);
    }
  }
  return reached;
}

Origin::Origin(Catalog& catalog, RunKey run, const Graph& graph, const std::string& rerun_from, ClonePolicy policy)
    : run_(run), policy_(policy) {
  std::unordered_set<std::string> again;
  if (!rerun_from.empty()) {
    NodeId from = graph.find(rerun_from);
    if (from == no_node) {
      throw Error(ErrorCode::usage, "no step is named '" + rerun_from + "'", "see `show` for the steps of the flow");
    }
    auto reached = reachable_from(graph, from);
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (reached[i] && is_task(graph.nodes[i].kind)) again.insert(graph.nodes[i].name);
    }
  }
  catalog.each_finished(run, [&](const TaskRow& task, const AttemptRow& attempt) {
    if (task.state != TaskState::done || again.contains(task.step)) return;
    steps_.insert(task.step);
    tasks_[task.step + '/' + task.path] = {task.number, attempt.manifest};
  });
}

const Origin::Finished* Origin::find(const std::string& step, const IndexPath& path, bool fresh) const {
  if (fresh && policy_ == ClonePolicy::by_ancestry) return nullptr;
  auto found = tasks_.find(step + '/' + path.key());
  return found == tasks_.end() ? nullptr : &found->second;
}

}  // namespace backlot
