// A flow as the rest of the house sees it: its graph and parameters as data, and a way to run one task. The C++ SDK
// implements it from a flow's type; a Python runner will from a module.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/flow/graph.h"
#include "backlot/flow/parameter.h"
#include "backlot/flow/task_frame.h"
#include "backlot/value/blobs.h"

namespace backlot {

/// What a running task can tell the scheduler while it runs.
class TaskReporter {
 public:
  virtual ~TaskReporter() = default;
  virtual void label(std::string_view item_label) = 0;  ///< of the foreach item, bounded to 64 bytes
  virtual void progress(double done, double total, std::string_view note) = 0;
  virtual void metadata(std::string_view key, std::string_view value) = 0;
};

struct TaskContext {
  BlobReader& blobs;
  BlobWriter& writer;
  TaskReporter& report;
  std::string temp_dir;  ///< the task's own, made when first asked for, removed with the task
};

class FlowCode {
 public:
  virtual ~FlowCode() = default;
  virtual const std::string& name() const = 0;  ///< "MovieStats"
  virtual const Graph& graph() const = 0;
  virtual const std::vector<ParameterSpec>& parameters() const = 0;
  /// lint(graph()) and what only the flow's type can tell (forgotten fields, reserved names).
  virtual std::vector<Diagnostic> check() const = 0;
  /// Runs one task, in its own process. An exception of user code comes back as Manifest::failure, with the artifacts
  /// assigned before it; an Error of the store is thrown.
  virtual Manifest run(const TaskFrame& frame, TaskContext& context) const = 0;
};

}  // namespace backlot
