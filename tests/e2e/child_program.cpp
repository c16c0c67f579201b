#include "tests/e2e/child_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "backlot/base/error.h"

namespace backlot::e2e {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void into(int descriptor, const std::string& path) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  dup2(fd, descriptor);
  close(fd);
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "backlot-e2e-XXXXXX").string();
  if (!mkdtemp(name.data())) throw_system_error("mkdtemp");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void become(const std::vector<std::string>& words, const std::string& home,
            const std::map<std::string, std::string>& environment) {
  std::vector<std::string> copy = words;
  if (copy[0].find('/') == std::string::npos) copy[0] = std::string(PROGRAMS) + "/" + copy[0];
  setenv("BACKLOT_HOME", home.c_str(), 1);
  // Tasks that crash on purpose must crash. What is killed later must not live on with a data race.
  setenv("ASAN_OPTIONS", "handle_segv=0:handle_abort=0", 1);
  setenv("TSAN_OPTIONS", "handle_segv=0:handle_abort=0:halt_on_error=1", 1);
  for (auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv;
  for (std::string& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

ChildProgram::ChildProgram(const std::vector<std::string>& words, const std::string& home,
                           const std::map<std::string, std::string>& environment) {
  pid_ = fork();
  if (pid_ < 0) throw_system_error("fork");
  if (pid_ > 0) return;
  into(STDOUT_FILENO, folder_.path() + "/out");
  into(STDERR_FILENO, folder_.path() + "/err");
  become(words, home, environment);
}

ChildProgram::~ChildProgram() {
  if (reaped_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
}

void ChildProgram::signal(int number) const { kill(pid_, number); }

bool ChildProgram::ended() {
  if (!reaped_) reaped_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return reaped_;
}

Ended ChildProgram::wait(double limit_s) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
  while (!ended() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (!reaped_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, &status_, 0);
    reaped_ = true;
  }
  Ended end{WIFEXITED(status_) ? WEXITSTATUS(status_) : -1, WIFSIGNALED(status_) ? WTERMSIG(status_) : 0, read("out"),
            read("err")};
  return end;
}

std::string ChildProgram::out_so_far() const { return read("out"); }
std::string ChildProgram::read(const std::string& name) const { return contents(folder_.path() + "/" + name); }

Ended run(const std::vector<std::string>& words, const std::string& home,
          const std::map<std::string, std::string>& environment, double limit_s) {
  return ChildProgram(words, home, environment).wait(limit_s);
}

std::vector<pid_t> processes_of(const std::string& home) {
  std::vector<pid_t> found;
  for (auto& entry : std::filesystem::directory_iterator("/proc")) {
    pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0 || contents(entry.path() / "cmdline").empty()) continue;  // a zombie has none
    if (contents(entry.path() / "environ").find("BACKLOT_HOME=" + home) != std::string::npos) found.push_back(pid);
  }
  return found;
}

}  // namespace backlot::e2e
