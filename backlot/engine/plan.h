// What is ready: a pure state machine over a flow's graph. It knows no clock, file or process; the scheduler tells it
// what finished and takes what may start. Memory is proportional to what is under way, not to what waits: a foreach is
// a range, its items become branches when they are taken.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "backlot/engine/scope.h"
#include "backlot/flow/route.h"

namespace backlot {

/// A split or foreach that has opened and is not joined yet.
struct Fan {
  NodeId node = no_node;
  IndexPath path;           ///< where it opened
  std::uint64_t count = 0;  ///< branches
  std::uint64_t taken = 0;  ///< items handed out: the rest waits as a range
  std::uint64_t arrived = 0;
  ScopePtr scope;              ///< what was seen where it opened: the base of its branches
  Reference list;              ///< foreach: its items
  bool fresh = false;          ///< a task before it, or in one of its branches, was run rather than cloned
  std::shared_ptr<Fan> outer;  ///< the fan its own branch belongs to
  std::uint64_t index = 0;     ///< which branch of `outer`
  std::int64_t opener = 0;     ///< number of the task that opened it
  std::uint64_t table = 0;     ///< the scheduler's handle of what arrived; the plan does not touch it
};
using FanPtr = std::shared_ptr<Fan>;

/// One thread of control of a run, standing at a task.
struct Strand {
  NodeId node = no_node;
  IndexPath path;
  FanPtr fan;               ///< that it belongs to; null: the run's main branch
  std::uint64_t index = 0;  ///< which branch of `fan`
  ScopePtr scope;           ///< what its task sees; for a join: parameters only
  FanPtr joins;             ///< set when the task is a join: the fan it closes
  bool fresh = false;       ///< an ancestor was run rather than cloned
  /// Number of the task that led here, 0 of the first; of a join how many branches (TaskRow::parents).
  std::int64_t parents = 0;
};

class Plan {
 public:
  /// `graph` must be free of lint and outlive the plan. `parameters` are seen by every task.
  Plan(const Graph& graph, std::vector<NamedReference> parameters);

  /// What became of a branch when its task finished.
  struct Step {
    bool arrived = false;  ///< at the join of its fan: `branch` holds its final scope, fan and index
    bool opened = false;   ///< `fan` was opened
    Strand branch;
    FanPtr fan;
  };
  /// The task of `branch`, task `number` of its run, has succeeded with `manifest`; it was run (not cloned) when `ran`.
  /// Throws Error corrupt when the manifest is of a failure, or its transition does not fit the graph.
  Step finished(Strand branch, std::int64_t number, const Manifest& manifest, bool ran);

  /// Task nodes with work ready, in the order in which to try them: larger priority first, then what is later in the
  /// graph, so that what was begun is finished before more is begun.
  std::vector<NodeId> ready() const;
  bool has_ready() const { return !ready_.empty(); }
  /// How much is ready at a node.
  std::uint64_t ready_count(NodeId node) const;
  struct Item {
    const Fan* fan = nullptr;  ///< null: none
    std::uint64_t index = 0;
  };
  /// The item of a foreach that take() would give next at `node`, as the foreach gives it: no task was between.
  Item next_item(NodeId node) const;
  /// Precondition: ready_count(node) > 0.
  Strand take(NodeId node);
  /// Makes a branch that was taken ready again.
  void put_back(Strand branch);
  /// True when the last step of the run has finished.
  bool complete() const { return complete_; }
  const Route& route() const { return route_; }

 private:
  struct Ready {
    std::deque<Strand> branches;
    std::vector<FanPtr> ranges;  // the innermost (newest) is used first
  };
  Step go(Strand branch, const Waypoint& stop, const Manifest& manifest);
  void open(Strand&& branch, const Waypoint& stop, const Manifest& manifest, Step& out);
  void arrive(const Strand& branch);
  void make_ready(Strand branch);
  void begin_join(const FanPtr& fan);

  const Graph* graph_;
  Route route_;
  ScopePtr parameters_;
  std::vector<int> order_;      // by node: position in the order of ready()
  std::map<int, Ready> ready_;  // by order_
  std::vector<NodeId> by_order_;
  bool complete_ = false;
};

}  // namespace backlot
