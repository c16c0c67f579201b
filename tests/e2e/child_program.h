// Real programs, as a user starts them: for the end-to-end tests.
#pragma once
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace backlot::e2e {

struct Ended {
  int code = -1;  ///< exit code; -1: killed
  int signal = 0;
  std::string out, err;
};

/// A folder of the test's own, removed with it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Runs a program in place of this process, which is a child. The words are the program and its arguments; a name
/// without a slash is one of the build's. `home` is BACKLOT_HOME.
[[noreturn]] void become(const std::vector<std::string>& words, const std::string& home,
                         const std::map<std::string, std::string>& environment);

/// A program under way; killed when destroyed.
class ChildProgram {
 public:
  /// As become().
  ChildProgram(const std::vector<std::string>& words, const std::string& home,
               const std::map<std::string, std::string>& environment = {});
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end; kills it after `limit_s`.
  Ended wait(double limit_s = 60);
  bool ended();
  std::string out_so_far() const;

 private:
  std::string read(const std::string& name) const;
  TempFolder folder_;
  pid_t pid_;
  int status_ = 0;
  bool reaped_ = false;
};

Ended run(const std::vector<std::string>& words, const std::string& home,
          const std::map<std::string, std::string>& environment = {}, double limit_s = 60);

/// That a program has said so, with EXPECT_PRED2.
inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Live processes that were started with this BACKLOT_HOME: the schedulers of a test, and all that they started.
std::vector<pid_t> processes_of(const std::string& home);

}  // namespace backlot::e2e
