#include "bench/measured_run.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "backlot/base/error.h"

namespace backlot::bench {
namespace {

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }

[[noreturn]] void become(const Command& command, std::vector<char*> arguments) {
  int null = open("/dev/null", O_RDWR);
  dup2(null, STDOUT_FILENO);
  for (auto& [name, value] : command.environment) setenv(name.c_str(), value.c_str(), 1);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

Cost run(const Command& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command.words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  auto began = std::chrono::steady_clock::now();
  pid_t pid = fork();
  if (pid < 0) throw_system_error("fork");
  if (pid == 0) become(command, arguments);
  int status = 0;
  rusage used{};
  if (wait4(pid, &status, 0, &used) != pid) throw_system_error("wait4");
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::string text;
    for (const std::string& word : command.words) text += word + " ";
    throw Error(ErrorCode::internal, text + "ended with status " + std::to_string(status));
  }
  return {wall.count(), seconds(used.ru_utime) + seconds(used.ru_stime), static_cast<double>(used.ru_maxrss) / 1024};
}

std::optional<std::uint64_t> count_system_calls(const Command& command, const std::string& scratch_file) {
  Command counted{{"perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-o", scratch_file, "--"},
                  command.environment};
  counted.words.insert(counted.words.end(), command.words.begin(), command.words.end());
  try {
    run(counted);
  } catch (const Error&) { return std::nullopt; }
  std::ifstream in(scratch_file);
  for (std::string line; std::getline(in, line);) {
    char* end = nullptr;
    std::uint64_t count = std::strtoull(line.c_str(), &end, 10);
    if (*end == ',' && count > 0) return count;
  }
  return std::nullopt;
}

double median(std::vector<double> values) {
  BACKLOT_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double median_of(int times, const std::function<double()>& measure) {
  std::vector<double> values;
  for (int i = 0; i < times; ++i) values.push_back(measure());
  return median(std::move(values));
}

}  // namespace backlot::bench
