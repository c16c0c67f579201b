#include "backlot/base/detached_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>

#include "backlot/base/error.h"

namespace backlot {
namespace {

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::string> all;
  for (char** at = environ; *at; ++at) {
    std::string_view entry = *at;
    bool replaced = false;
    for (const auto& [name, value] : more) replaced = replaced || entry.starts_with(name + "=");
    if (!replaced) all.emplace_back(entry);
  }
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  return all;
}

}  // namespace

pid_t start_detached(DetachedProgram program) {
  SpawnActions actions;
  posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  for (int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    if (program.output >= 0)
      posix_spawn_file_actions_adddup2(actions.get(), program.output, stream);
    else
      posix_spawn_file_actions_addopen(actions.get(), stream, "/dev/null", O_WRONLY, 0);
  }
  // Not by close-on-exec alone: libraries open descriptors without it, and other threads may be about to set it.
  posix_spawn_file_actions_addclosefrom_np(actions.get(), STDERR_FILENO + 1);
  bool has_folder = !program.directory.empty() && access(program.directory.c_str(), X_OK) == 0;
  if (has_folder) posix_spawn_file_actions_addchdir_np(actions.get(), program.directory.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> environment = environment_with(program.environment);
  pid_t pid = 0;
  int failed = posix_spawnp(&pid, program.words[0].c_str(), actions.get(), &attributes,
                            pointers_to(program.words).data(), pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (failed) throw system_error("start " + program.words[0], failed);
  return pid;
}

}  // namespace backlot
