// What the objects of one run share: the run, its steps and tasks.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "backlot/client/connection.h"
#include "backlot/client/run_scope.h"
#include "backlot/flow/graph.h"

namespace backlot::client {

class RunHandle {
 public:
  RunHandle(ConnectionPtr connection, RunRow run) : row(std::move(run)), connection_(std::move(connection)) {}

  /// As the catalog had it when it was looked up.
  const RunRow row;

  RunKey key() const { return row.key; }
  std::string address() const { return backlot::address(row); }
  const ConnectionPtr& connection() const { return connection_; }
  Catalog& catalog() const { return connection_->catalog(); }
  /// Decoded once: the graph of a run never changes.
  const Graph& graph();
  /// Of a run that has ended what was read of its tasks is kept for the next question.
  RunScope& scope();

 private:
  ConnectionPtr connection_;
  std::optional<Graph> graph_;
  std::optional<RunScope> scope_;
  const Catalog* scope_of_ = nullptr;
};

}  // namespace backlot::client
