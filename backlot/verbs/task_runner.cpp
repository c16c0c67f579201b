#include "backlot/verbs/task_runner.h"
#include "backlot/home/open.h"

#include <unistd.h>

#include <filesystem>

#include "backlot/flow/run_frame.h"
#include "backlot/home/home.h"

namespace backlot::verbs {

std::string temp_root() {
  return (std::filesystem::temp_directory_path() / ("backlot-" + std::to_string(getpid()))).string();
}

RunTask task_runner(const FlowCode& flow, BlobStore& store) {
  return [&flow, &store, temp = temp_root()](std::string_view frame, TaskReporter& report) {
    return run_frame(flow, frame, store, store, report, temp);
  };
}

void run_as_task(std::span<const FlowCode* const> flows, int fd) {
  auto run = [flows](std::string_view bytes, TaskReporter& report) {
    auto store = open_store(find_home());
    std::string name = decode_frame(bytes).run.flow;
    for (const FlowCode* flow : flows) {
      if (flow->name() == name) return run_frame(*flow, bytes, *store, *store, report, temp_root());
    }
    throw Error(ErrorCode::internal, "this program has no flow " + name);
  };
  run_task_process(fd, run);
}

}  // namespace backlot::verbs
