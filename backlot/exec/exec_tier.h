// Tasks that need a fresh process: an environment of their own, or a binary that cannot be forked safely. The binary is
// executed anew as a task process (task_process.h); all else is as for a forked task.
#pragma once
#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlot/exec/task_process.h"

namespace backlot {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// "NAME=value\0" each: how an environment travels to the server.
std::string environment_block(const Environment& environment);

/// How a fresh task process is started. By default it is this very binary (even when its file was replaced since), as
/// `<binary> --backlot-task N`; an interpreter that runs a flow says how it is started again, and finds N in
/// BACKLOT_TASK_CHANNEL.
struct FreshStart {
  std::string program;                 ///< empty: this binary
  std::vector<std::string> arguments;  ///< of `program`, its name first
  Environment environment;             ///< laid over our own, for every fresh task
  std::string reason;                  ///< not empty: every task is started so, and why. For people
};

/// Starts a process that has the task descriptors and no others, with `block` laid over our own environment. Returns
/// its process id, or the negative errno of the failure.
pid_t start_fresh_task(const FreshStart& how, std::string_view block, const TaskDescriptors& descriptors);

}  // namespace backlot
