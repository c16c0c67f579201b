// The finished tasks of an origin run, from which a resumed run takes what it need not run again.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "backlot/catalog/catalog.h"
#include "backlot/engine/graph_change.h"
#include "backlot/flow/index_path.h"

namespace backlot {

/// Which finished tasks may be cloned, and what holds when the flow's graph was edited since.
enum class ClonePolicy : std::uint8_t {
  /// Whose ancestors were all cloned too, along ways that are what they were: the run ends as one from the beginning
  /// would (C++ flows).
  by_ancestry,
  /// All that have the same step and path, as Metaflow does (Python flows). They go on to the step they chose then; one
  /// whose list or choice was not asked then is run again.
  by_name,
};

class Origin {
 public:
  /// Reads the run, whose graph was `before`, in one pass. Tasks of `rerun_from` and of all steps after it are left
  /// out. `graph`: of the flow as it is now. Throws Error usage when no step has that name.
  Origin(Catalog& catalog, const RunRow& run, const Graph& before, const Graph& graph, const std::string& rerun_from,
         ClonePolicy policy);

  struct Finished {
    std::int64_t task = 0;
    std::string manifest;  ///< encoded
    bool adapted = false;  ///< what it says of the way on was fitted to the graph as it is now
  };
  /// The finished task, when it may be cloned; `fresh`: one of its ancestors was run anew.
  const Finished* find(const std::string& step, const IndexPath& path, bool fresh) const;
  bool has_step(const std::string& step) const { return steps_.contains(step); }
  RunKey run() const { return run_; }
  /// Why the run cannot be resumed, if so: a finished task chose a way that the flow no longer has (by_name).
  const std::optional<Error>& refusal() const { return refusal_; }
  /// What the edit of the graph means for this resume, a line each; none when it was not edited.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  class Adapter;
  void leave_out(const Graph& graph, const std::vector<bool>& nodes);
  RunKey run_;
  ClonePolicy policy_;
  std::unordered_map<std::string, Finished> tasks_;  // by step, '/', path key
  std::unordered_set<std::string> steps_;
  std::vector<std::string> notes_;
  std::optional<Error> refusal_;
};

}  // namespace backlot
