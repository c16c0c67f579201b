#include "backlot/engine/replay.h"

namespace backlot {

Replay::Replay(Catalog& catalog, const RunRow& run, const Graph& graph, Files& files, BlobReader& blobs,
               std::string scratch)
    : graph_(graph),
      finished_(catalog, run, decode_graph(catalog.graph(run.key)), graph, {}, ClonePolicy::by_name),
      plan_(graph, catalog.parameters(run.key)),
      frames_(files, std::move(scratch), {run.flow, run.run_id, 0}, graph, blobs) {}

std::optional<TaskFrame> Replay::frame_of(NodeId step, const std::optional<IndexPath>& path) {
  for (bool more = true; more;) {
    more = false;
    for (NodeId node : plan_.ready()) {
      while (plan_.ready_count(node) > 0) {
        Token token = plan_.take(node);
        if (node == step && (!path || token.path == *path)) return frames_.frame_of(token, 0);
        more = advance(node, std::move(token)) || more;
      }
    }
  }
  return std::nullopt;
}

// False when the task had not finished: what lies behind it was not reached.
bool Replay::advance(NodeId node, Token token) {
  const std::string& step = graph_.node(node).name;
  const Origin::Finished* task = finished_.find(step, token.path, false);
  if (!task) return false;
  frames_.follow(plan_, std::move(token), task->task, decode_manifest(task->manifest), false);
  return true;
}

}  // namespace backlot
