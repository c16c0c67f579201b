#include "backlot/sdk/main.h"

#include <cstdlib>
#include <cstring>

#include "backlot/cli/cli.h"
#include "backlot/exec/task_process.h"
#include "backlot/verbs/task_runner.h"

namespace backlot::sdk {

int main(int argc, char** argv, const std::vector<std::unique_ptr<FlowCode>>& owned, const char* libexec) {
  std::vector<const FlowCode*> flows;
  for (auto& flow : owned) flows.push_back(flow.get());
  if (argc == 3 && std::strcmp(argv[1], task_argument) == 0) verbs::run_as_task(flows, std::atoi(argv[2]));
  return cli::main(argc, argv, flows, libexec);
}

}  // namespace backlot::sdk
