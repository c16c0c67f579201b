// What a step with `cache` need not do again: a finished task of an earlier run is taken over when it was the same step
// of the same code for the same item, and everything it read then is the same now.
//
// The key: flow, step, code (or the version given to cache()), environment, the nodes it may go on to, and the items of
// the foreachs around it, wherever they stand. Then the recorded read set is verified: artifacts, parameters, what a
// join saw of its branches, what was looked for and not found, and the path of one that asked for its path or seed.
// Outside of both, and so the author's business: files, clocks, networks, other random numbers, and current().run(),
// .task(), .attempt(), .origin_run() and .temp_dir().
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backlot/base/files.h"
#include "backlot/catalog/catalog.h"
#include "backlot/flow/task_frame.h"
#include "backlot/store/store.h"
#include "backlot/value/saver.h"

namespace backlot {

class StepCache {
 public:
  /// `run`: the one that looks. All but the row are referred to and must outlive the cache.
  StepCache(Catalog& catalog, BlobStore& store, Files& files, const Graph& graph, const RunRow& run);

  /// Under which a task of this step is recorded and looked for. Empty when nobody knows the code or an item cannot be
  /// read.
  std::optional<Digest> key(NodeId node, const std::vector<ForeachItem>& items);

  struct Hit {
    RunKey run = no_run;  ///< where it was executed
    std::int64_t task = 0;
    Manifest manifest;
    Digest key;
  };
  /// Of earlier runs, the newest that fits. What cannot be read is no hit.
  std::optional<Hit> find(const TaskFrame& frame);

 private:
  class Now;
  const std::string& key_head(NodeId node);
  std::optional<Hit> look_up(const TaskFrame& frame);
  std::optional<Manifest> manifest_of(const CachedTask& task);
  bool is_whole(const Manifest& manifest);

  Catalog& catalog_;
  BlobStore& store_;
  Files& files_;
  const Graph& graph_;
  ValueLoader loader_;
  std::string flow_, code_;
  RunKey run_;
  std::map<NodeId, std::string> key_heads_;  ///< what all tasks of a step have in common, encoded
};

}  // namespace backlot
