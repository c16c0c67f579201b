#include "backlot/client/run_handle.h"

namespace backlot::client {

const Graph& RunHandle::graph() {
  if (!graph_) graph_ = decode_graph(catalog().graph(key()));
  return *graph_;
}

RunScope& RunHandle::scope() {
  Catalog& now_open = catalog();
  if (!scope_ || scope_of_ != &now_open || row.ended == 0) scope_.emplace(now_open, key(), graph());
  scope_of_ = &now_open;
  return *scope_;
}

}  // namespace backlot::client
