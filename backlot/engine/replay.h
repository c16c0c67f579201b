// What a task of an earlier run was given to start with, found again by moving a plan over the tasks that had finished.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "backlot/engine/frames.h"
#include "backlot/engine/origin.h"

namespace backlot {

class Replay {
 public:
  /// `graph` is that of the code now; `scratch` a folder for wide joins, which the frame may refer to.
  Replay(Catalog& catalog, const RunRow& run, const Graph& graph, Files& files, BlobReader& blobs, std::string scratch);

  /// The frame of the task of `step` at `path`; without a path of the first one that is reached. Empty when the run did
  /// not come so far. Call it once.
  std::optional<TaskFrame> frame_of(NodeId step, const std::optional<IndexPath>& path);

 private:
  bool advance(NodeId node, Token token);
  const Graph& graph_;
  Origin finished_;
  Plan plan_;
  Frames frames_;
};

}  // namespace backlot
