// What a step with `cache` need not do again: a finished task of an earlier run is taken over when it was the same step
// of the same code at the same place, and everything it read then is the same now.
//
// The key: flow, step, path, code (or the version given to cache()), environment. Then the recorded read set is
// verified: artifacts, parameters, foreach items, and what it looked for and did not find. Outside the key, and so the
// author's business: files, clocks, networks, random numbers that are not current().seed(). Joins are never cached.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backlot/catalog/catalog.h"
#include "backlot/engine/plan.h"
#include "backlot/flow/task_frame.h"
#include "backlot/store/store.h"
#include "backlot/value/saver.h"

namespace backlot {

class StepCache {
 public:
  /// `code`: of the run that looks. All referred to must outlive the cache.
  StepCache(Catalog& catalog, BlobStore& store, const Graph& graph, std::string flow, std::string code);

  struct Hit {
    RunKey run = 0;  ///< where it was executed
    std::int64_t task = 0;
    Manifest manifest;
  };
  std::optional<Hit> find(const Strand& strand, const std::vector<ForeachItem>& items);

 private:
  const std::vector<RunKey>& runs_for(NodeId node);
  bool same_code(const RunRow& run, const Node& node);
  bool is_same(const Manifest& then, const Strand& strand, const std::vector<ForeachItem>& items);
  std::optional<Hit> task_of(RunKey run, const Node& node, const Strand& strand, const std::vector<ForeachItem>& items);

  Catalog& catalog_;
  BlobStore& store_;
  const Graph& graph_;
  ValueLoader loader_;
  std::string flow_, code_;
  std::map<NodeId, std::vector<RunKey>> runs_;
};

}  // namespace backlot
