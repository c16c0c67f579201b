// The flow that is simulated: every graph form, and artifacts that are a function of what each task could see, so that
// a run disturbed in any way must end in the same values as one that was not.
#pragma once
#include "backlot/flow/flow_code.h"

namespace backlot::sim {

/// What was edited in the flow's file since the first run.
struct Edits {
  bool cases_reordered = false;  ///< of the choose: what it decides stays the same
  bool case_added = false;       ///< before the others
  bool bound_lowered = false;    ///< of the loop
  bool other_list = false;       ///< the foreach asks another member
  bool steps_swapped = false;    ///< tidy and check
  bool step_added = false;       ///< between tidy and check
  bool branch_added = false;     ///< to the split
  bool choose_added = false;     ///< before the end
  auto operator<=>(const Edits&) const = default;
};

class SimFlow : public FlowCode {
 public:
  explicit SimFlow(const Edits& edits = {}, bool in_ordinals = false);
  const std::string& name() const override { return name_; }
  const Graph& graph() const override { return graph_; }
  const std::vector<ParameterSpec>& parameters() const override { return parameters_; }
  std::vector<Diagnostic> check() const override { return lint(graph_); }
  Manifest run(const TaskFrame& frame, TaskContext& context) const override;

 private:
  void go_on(const TaskFrame& frame, std::uint64_t n, Manifest& m) const;

  std::string name_ = "SimFlow";
  bool in_ordinals_;  ///< leaves manifests of version 1
  Graph graph_;
  std::vector<ParameterSpec> parameters_;
};

}  // namespace backlot::sim
