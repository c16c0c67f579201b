// What is ready: a pure state machine over a flow's graph. It knows no clock, file or process; the scheduler tells it
// what finished and takes what may start. Memory is proportional to what is under way, not to what waits: a foreach is
// a range, its items become tokens when they are taken.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "backlot/engine/scope.h"
#include "backlot/flow/graph_walk.h"

namespace backlot {

/// A split or foreach that has opened and is not joined yet.
struct OpenFanOut {
  NodeId node = no_node;
  IndexPath path;           ///< where it opened
  std::uint64_t count = 0;  ///< branches
  std::uint64_t taken = 0;  ///< items handed out: the rest waits as a range
  std::uint64_t arrived = 0;
  ScopePtr scope;                     ///< what was seen where it opened: the base of its branches
  Reference list;                     ///< foreach: its items
  bool fresh = false;                 ///< a task before it, or in one of its branches, was run rather than cloned
  std::shared_ptr<OpenFanOut> outer;  ///< the fan-out its own branch belongs to
  std::uint64_t index = 0;            ///< which branch of `outer`
  std::int64_t opener = 0;            ///< number of the task that opened it
  std::uint64_t table = 0;            ///< the scheduler's handle of what arrived; the plan does not touch it
};
using OpenFanOutPtr = std::shared_ptr<OpenFanOut>;

/// One thread of control of a run, standing at a task: a token of the workflow net that the graph is.
struct Token {
  NodeId node = no_node;
  IndexPath path;
  OpenFanOutPtr fan_out;    ///< that it belongs to; null: the run's main branch
  std::uint64_t index = 0;  ///< which branch of `fan_out`
  ScopePtr scope;           ///< what its task sees; for a join: parameters only
  OpenFanOutPtr joins;      ///< set when the task is a join: the fan-out it closes
  bool fresh = false;       ///< an ancestor was run rather than cloned
  /// Number of the task that led here, 0 of the first; of a join how many branches (TaskRow::parents).
  std::int64_t parents = 0;
};

class Plan {
 public:
  /// `graph` must be free of lint and outlive the plan. `parameters` are seen by every task.
  Plan(const Graph& graph, std::vector<NamedReference> parameters);

  /// What became of a token when its task finished.
  struct Advance {
    bool arrived = false;  ///< at the join of its fan-out: `token` holds its final scope, fan-out and index
    bool opened = false;   ///< `fan_out` was opened
    Token token;
    OpenFanOutPtr fan_out;
  };
  /// The task of `token`, task `number` of its run, has succeeded with `manifest`; it was run (not cloned) when `ran`.
  /// Throws Error corrupt when the manifest is of a failure, or its transition does not fit the graph.
  Advance finished(Token token, std::int64_t number, const Manifest& manifest, bool ran);

  /// Task nodes with work ready, in the order in which to try them: larger priority first, then what is later in the
  /// graph, so that what was begun is finished before more is begun.
  std::vector<NodeId> ready() const;
  bool has_ready() const { return !ready_.empty(); }
  /// How much is ready at a node.
  std::uint64_t ready_count(NodeId node) const;
  struct Item {
    const OpenFanOut* fan_out = nullptr;  ///< null: none
    std::uint64_t index = 0;
  };
  /// The item of a foreach that take() would give next at `node`, as the foreach gives it: no task was between.
  Item next_item(NodeId node) const;
  /// Precondition: ready_count(node) > 0.
  Token take(NodeId node);
  /// Makes a token that was taken ready again.
  void put_back(Token token);
  /// True when the last step of the run has finished.
  bool complete() const { return complete_; }
  const GraphWalk& walk() const { return walk_; }

 private:
  struct Ready {
    std::deque<Token> tokens;
    std::vector<OpenFanOutPtr> ranges;  // the innermost (newest) is used first
  };
  Advance go(Token token, const Waypoint& stop, const Manifest& manifest);
  void open(Token&& token, const Waypoint& stop, const Manifest& manifest, Advance& out);
  void arrive(const Token& token);
  void make_ready(Token token);
  void begin_join(const OpenFanOutPtr& fan_out);

  const Graph* graph_;
  GraphWalk walk_;
  ScopePtr parameters_;
  std::vector<int> order_;      // by node: position in the order of ready()
  std::map<int, Ready> ready_;  // by order_
  std::vector<NodeId> by_order_;
  bool complete_ = false;
};

}  // namespace backlot
