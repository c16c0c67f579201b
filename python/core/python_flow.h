// A flow written in Python, as the engine sees it: its graph as data, and a way to run one task by calling Python.
#pragma once
#include <pybind11/pybind11.h>

#include "backlot/flow/flow_code.h"

namespace backlot::python {

namespace py = pybind11;

class PythonFlow : public FlowCode {
 public:
  /// `run_task` is called with a TaskSession in the task's process.
  PythonFlow(std::string name, Graph graph, py::function run_task)
      : name_(std::move(name)), graph_(std::move(graph)), run_task_(std::move(run_task)) {}

  const std::string& name() const override { return name_; }
  const Graph& graph() const override { return graph_; }
  /// None: the front reads parameters in Python and hands over their values.
  const std::vector<ParameterSpec>& parameters() const override { return parameters_; }
  std::vector<Diagnostic> check() const override { return lint(graph_); }
  /// In a forked task Python is first told that it was forked: its locks, its threads, its random numbers.
  Manifest run(const TaskFrame& frame, TaskContext& context) const override;

  /// Whether this process was forked from the one that imported the flow.
  void forked() { forked_ = true; }

 private:
  std::string name_;
  Graph graph_;
  std::vector<ParameterSpec> parameters_;
  py::function run_task_;
  bool forked_ = false;
};

/// Adds PythonFlow, Graph and what tasks are given to the module.
void bind_flow(py::module_& module);

}  // namespace backlot::python
