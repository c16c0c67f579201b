// What a task process of a flow does, however it was started.
#pragma once
#include <span>
#include <string>

#include "backlot/exec/task_process.h"
#include "backlot/flow/flow_code.h"
#include "backlot/store/store.h"

namespace backlot::verbs {

/// Temporary folders of the tasks of this process; removed with the run.
std::string temp_root();

/// For the fork server. Both arguments must outlive it.
RunTask task_runner(const FlowCode& flow, BlobStore& store);

/// What a flow's program does when it was started as a task process (exec/task_process.h): runs the one task that comes
/// over `fd`. Never returns.
[[noreturn]] void run_as_task(std::span<const FlowCode* const> flows, int fd);

}  // namespace backlot::verbs
