#include "backlot/exec/exec_tier.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "backlot/exec/task_process.h"

namespace backlot {
namespace {

std::string_view name_in(std::string_view assignment) { return assignment.substr(0, assignment.find('=')); }

/// Our environment with the assignments of `block` in the place of those of the same name.
std::vector<char*> environment_with(std::string& block) {
  std::vector<char*> result;
  for (std::size_t at = 0; at < block.size(); at = block.find('\0', at) + 1) result.push_back(block.data() + at);
  std::size_t given = result.size();
  for (char** inherited = environ; *inherited; ++inherited) {
    bool replaced = false;
    for (std::size_t i = 0; i < given; ++i) replaced |= name_in(result[i]) == name_in(*inherited);
    if (!replaced) result.push_back(*inherited);
  }
  result.push_back(nullptr);
  return result;
}

}  // namespace

std::string environment_block(const Environment& environment) {
  std::string block;
  for (auto& [name, value] : environment) (block += name + '=' + value) += '\0';
  return block;
}

pid_t start_fresh_task(std::string_view block) {
  std::string copy(block), channel = std::to_string(task_channel_fd), argument = task_argument;
  std::vector<char*> variables = environment_with(copy);
  char* arguments[] = {program_invocation_name, argument.data(), channel.data(), nullptr};
  const int server = getpid();
  volatile int failure = 0;
  // The child borrows our memory until it has exec'ed: only system calls there, and its errno comes back in `failure`.
  const pid_t pid = vfork();
  if (pid == 0) {
    become_task(server);
    execve("/proc/self/exe", arguments, variables.data());
    failure = errno;
    _exit(127);
  }
  if (pid < 0) return -errno;
  if (failure == 0) return pid;
  waitpid(pid, nullptr, 0);
  return -failure;
}

}  // namespace backlot
