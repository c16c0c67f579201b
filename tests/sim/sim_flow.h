// The flow that is simulated: every graph form, and artifacts that are a function of what each task could see, so that
// a run disturbed in any way must end in the same values as one that was not.
#pragma once
#include "backlot/flow/flow_code.h"

namespace backlot::sim {

class SimFlow : public FlowCode {
 public:
  SimFlow();
  const std::string& name() const override { return name_; }
  const Graph& graph() const override { return graph_; }
  const std::vector<ParameterSpec>& parameters() const override { return parameters_; }
  std::vector<Diagnostic> check() const override { return lint(graph_); }
  Manifest run(const TaskFrame& frame, TaskContext& context) const override;

 private:
  std::string name_ = "SimFlow";
  Graph graph_;
  std::vector<ParameterSpec> parameters_;
};

}  // namespace backlot::sim
