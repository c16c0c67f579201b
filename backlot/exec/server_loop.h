// The inside of the fork server's process.
#pragma once
#include <sys/types.h>

#include "backlot/base/unique_fd.h"
#include "backlot/exec/exec_tier.h"
#include "backlot/exec/open_files.h"
#include "backlot/exec/task_process.h"

namespace backlot {

/// Serves the executor at the other end of `socket` until it goes away, then kills and reaps all that is left and ends
/// the process. `front` is the process that must live for this one to live; `fresh`: how a task is started that is not
/// forked, and whether every one is; `files`: what the program had opened.
[[noreturn]] void serve_tasks(pid_t front, UniqueFd socket, const RunTask& run_task, const FreshStart& fresh,
                              OpenFiles files) noexcept;

}  // namespace backlot
