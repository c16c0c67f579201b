// The finished tasks of an origin run, from which a resumed run takes what it need not run again.
#pragma once
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "backlot/catalog/catalog.h"
#include "backlot/flow/graph.h"
#include "backlot/flow/index_path.h"

namespace backlot {

/// Which finished tasks may be cloned.
enum class ClonePolicy : std::uint8_t {
  by_ancestry,  ///< whose ancestors were all cloned too (C++ flows)
  by_name,      ///< all that have the same step and path (Python flows, as Metaflow does)
};

class Origin {
 public:
  /// Reads the run in one pass. Tasks of `rerun_from` and of all steps after it are left out.
  Origin(Catalog& catalog, RunKey run, const Graph& graph, const std::string& rerun_from, ClonePolicy policy);

  struct Finished {
    std::int64_t task = 0;
    std::string manifest;  ///< encoded
  };
  /// The finished task, when it may be cloned; `fresh`: one of its ancestors was run anew.
  const Finished* find(const std::string& step, const IndexPath& path, bool fresh) const;
  bool has_step(const std::string& step) const { return steps_.contains(step); }
  RunKey run() const { return run_; }

 private:
  RunKey run_;
  ClonePolicy policy_;
  std::unordered_map<std::string, Finished> tasks_;  // by step, '/', path key
  std::unordered_set<std::string> steps_;
};

/// `node` and every node that can be reached from it.
std::vector<bool> reachable_from(const Graph& graph, NodeId node);

}  // namespace backlot
