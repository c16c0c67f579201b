#include "backlot/exec/exec_tier.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "backlot/exec/open_files.h"

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

pid_t start_fresh_task(const FreshStart& how, std::string_view block, const TaskDescriptors& descriptors) {
  const int channel = first_high_descriptor();
  // The first assignment of a name is the one that a program finds.
  std::string assignments = std::string(block) + environment_block(how.environment);
  if (!how.program.empty()) assignments += environment_block({{task_channel_variable, std::to_string(channel)}});
  std::vector<char*> variables = environment_with(assignments);
  std::vector<std::string> words = how.arguments;
  if (how.program.empty()) words = {program_invocation_name, task_argument, std::to_string(channel)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string program = how.program.empty() ? "/proc/self/exe" : how.program;
  const int server = getpid();
  volatile int failure = 0;
  // The child borrows our memory until it has exec'ed: only system calls there, and its errno comes back in `failure`.
  const pid_t pid = vfork();
  if (pid == 0) {
    become_task(server, descriptors);
    // A copy on its own number would stay close-on-exec.
    const int source = descriptors.channel == channel ? dup(channel) : descriptors.channel;
    dup2(source, channel);
    close_range(STDERR_FILENO + 1, static_cast<unsigned>(channel) - 1, 0);
    close_range(static_cast<unsigned>(channel) + 1, ~0U, 0);
    execve(program.c_str(), arguments.data(), variables.data());
    failure = errno;
    _exit(127);
  }
  if (pid < 0) return -errno;
  if (failure == 0) return pid;
  waitpid(pid, nullptr, 0);
  return -failure;
}

}  // namespace backlot
