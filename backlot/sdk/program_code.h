// A flow's type as the FlowCode that the rest of the house runs.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "backlot/flow/flow_code.h"
#include "backlot/sdk/compose.h"
#include "backlot/sdk/program.h"
#include "backlot/value/name.h"

namespace backlot {

class ProgramCode : public FlowCode {
 public:
  ProgramCode(std::string name, sdk::Program program);

  const std::string& name() const override { return name_; }
  const Graph& graph() const override { return program_.graph(); }
  const std::vector<ParameterSpec>& parameters() const override { return parameters_; }
  std::vector<Diagnostic> check() const override;
  Manifest run(const TaskFrame& frame, TaskContext& context) const override;

 private:
  std::string name_;
  sdk::Program program_;
  std::vector<ParameterSpec> parameters_;
};

/// The code of flow F, named as its type.
template <class F>
std::unique_ptr<FlowCode> flow_code() {
  return std::make_unique<ProgramCode>(std::string(name_of_type<F>()), sdk::program<F>());
}

/// Several flows of one binary: flow_codes<MovieStats, Weather>().
template <class... F>
std::vector<std::unique_ptr<FlowCode>> flow_codes() {
  std::vector<std::unique_ptr<FlowCode>> all;
  (all.push_back(flow_code<F>()), ...);
  return all;
}

}  // namespace backlot
