// What happens inside a task process, whether it was forked from the server or is a fresh start of the binary.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "backlot/exec/task_channel.h"

namespace backlot {

/// Runs one task: encode(TaskFrame) in, encode(Manifest) out. An exception that leaves it is an error of ours, not of
/// the task's code: it is printed and the process ends with exit code `run_task_threw`.
using RunTask = std::function<std::string(std::string_view frame, TaskReporter& report)>;
inline constexpr int run_task_threw = 70;

/// The descriptors of a task process: stdin is /dev/null, stdout and stderr are pipes to the scheduler, and a
/// TaskChannel lies high, so that the program's own files keep their numbers. These are the three that a launch brings,
/// close-on-exec.
struct TaskDescriptors {
  int out, err, channel;
};

/// The argument that makes a flow's binary a task process: `<binary> --backlot-task N`, where N is the channel.
inline constexpr const char* task_argument = "--backlot-task";
/// The variable that says the same to an interpreter.
inline constexpr const char* task_channel_variable = "BACKLOT_TASK_CHANNEL";

/// Makes the calling process a task of its own: a session, killed when its parent dies, parent of everything it leaves
/// orphaned, no signal blocked, its output where it belongs. Only makes system calls: safe after vfork.
void become_task(int parent, const TaskDescriptors& descriptors) noexcept;

/// Makes stdout write whole lines, so that a crash loses none that was finished. Forks inherit it.
void print_by_lines() noexcept;

/// Receives the frame, runs the task, sends the manifest, flushes and ends the process with exit code 0. No destructor
/// and no exit handler of the process runs.
[[noreturn]] void run_and_exit(int channel_fd, const RunTask& run_task) noexcept;

/// What main() calls in a binary started with `task_argument`; `fd` is the number that follows it. Never returns.
[[noreturn]] void run_task_process(int fd, const RunTask& run_task);

}  // namespace backlot
