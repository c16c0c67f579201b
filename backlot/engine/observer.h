// What a run tells whoever watches it live: the progress line, `--json` events, tests. Presentation is not the
// scheduler's business.
#pragma once
#include <string>
#include <string_view>

#include "backlot/engine/executor.h"
#include "backlot/flow/graph.h"
#include "backlot/flow/index_path.h"

namespace backlot {

struct TaskEvent {
  enum class Kind : std::uint8_t { started, done, failed, retrying, caught, cloned, cached } kind;
  NodeId node = no_node;
  std::string_view step;
  const IndexPath& path;
  std::int64_t number = 0;
  std::int32_t attempt = 0;
  const Failure* failure = nullptr;    ///< failed, retrying, caught
  Duration delay{0};                   ///< retrying: how long it waits
  const Manifest* manifest = nullptr;  ///< done, cloned: what it left
  std::int64_t origin_task = 0;        ///< cloned: its number in the origin run
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void on_task(const TaskEvent&) {}
  /// An attempt of a task has become a process.
  virtual void on_process(std::string_view /*step*/, std::int64_t /*number*/, std::int32_t /*attempt*/,
                          std::int64_t /*pid*/) {}
  /// `count` branches of a foreach or split opened at this node.
  virtual void on_fan_out(NodeId, std::uint64_t /*count*/) {}
  virtual void on_output(std::string_view /*step*/, const IndexPath&, std::int64_t /*number*/, Stream,
                         std::string_view /*bytes*/) {}
  virtual void on_progress(std::string_view /*step*/, std::int64_t /*number*/, double /*share*/,
                           std::string_view /*note*/) {}
  /// A moment has passed, about a quarter of a second: time to bring a display up to date.
  virtual void on_tick() {}
  virtual void on_notice(std::string_view) {}
};

}  // namespace backlot
