// One task, as backlot/task.py sees it: what it may read, what it leaves behind, where it goes next.
#pragma once
#include <pybind11/pybind11.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backlot/flow/flow_code.h"
#include "backlot/flow/graph_walk.h"
#include "python/core/objects.h"

namespace backlot::python {

namespace py = pybind11;

class TaskSession;

/// One branch that arrived at a join. Belongs to its session.
class Branch {
 public:
  Branch(TaskSession& task, BranchRecord record) : task_(task), record_(std::move(record)) {}
  std::uint64_t index() const { return record_.index; }
  std::int64_t number() const { return record_.number; }  ///< of its last task
  std::optional<Reference> find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  TaskSession& task_;
  BranchRecord record_;
};

class TaskSession {
 public:
  TaskSession(const Graph& graph, const TaskFrame& frame, TaskContext& context);

  // what it is given
  const TaskFrame& frame() const { return frame_; }
  const Node& node() const { return graph_.node(frame_.node); }
  const TaskContext& context() const { return context_; }
  std::optional<Reference> find(std::string_view name) const;
  std::vector<std::string> names() const;
  Objects& objects() { return objects_; }
  std::uint64_t branch_count() const { return frame_.branch_count; }
  Branch branch(std::uint64_t index);

  // what it leaves
  /// An artifact of its own, or one taken over by reference.
  void leave(std::string name, Reference value, bool own);
  std::optional<Reference> left(std::string_view name) const;
  void metadata(std::string key, std::string value);
  void fail(FailureKind kind, int code, std::string type, std::string message, std::string place);
  /// Where a switch goes: to this step. A foreach: over so many items of this list.
  void go_to(std::string step) { target_ = std::move(step); }
  void fan_out(std::uint64_t count, Reference list) { fan_out_ = Transition::FanOut{count, std::move(list)}; }
  TaskReporter& reporter() { return context_.report; }
  const std::string& temp_dir();

  Manifest finish();

 private:
  void route();
  std::uint32_t decide(const GraphWalk& walk, NodeId at) const;

  const Graph& graph_;
  const TaskFrame& frame_;
  TaskContext& context_;
  Objects objects_;
  std::unique_ptr<const Mapping> branch_file_;
  std::vector<NamedReference> own_, taken_;
  std::optional<std::string> target_;
  std::optional<Transition::FanOut> fan_out_;
  Manifest manifest_;
};

void bind_task(py::module_& module);

}  // namespace backlot::python
