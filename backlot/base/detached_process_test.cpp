#include "backlot/base/detached_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "backlot/base/error.h"
#include "backlot/base/unique_fd.h"

namespace backlot {
namespace {

std::string printed_by(const std::string& script) {
  UniqueFd output(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  pid_t pid = start_detached({{"sh", "-c", script}, {{"TOLD", "yes"}}, "/", output.get()});
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  char text[4096];
  ssize_t got = pread(output.get(), text, sizeof text, 0);
  return {text, got > 0 ? static_cast<std::size_t>(got) : 0};
}

TEST(DetachedProcess, inherits_no_descriptor_but_the_three) {
  UniqueFd leaky(open("/dev/null", O_RDONLY));  // without O_CLOEXEC, as a library's
  int pipes[2];
  ASSERT_EQ(pipe(pipes), 0);
  UniqueFd in(pipes[0]), out(pipes[1]);
  // ls itself has the folder open.
  EXPECT_EQ(printed_by("ls /proc/self/fd | tr '\\n' ' '"), "0 1 2 3 ");
}

TEST(DetachedProcess, has_our_environment_and_what_is_said) {
  setenv("OURS", "1", 1);
  setenv("TOLD", "no", 1);
  EXPECT_EQ(printed_by("echo $OURS $TOLD; env | grep -c ^TOLD=; pwd"), "1 yes\n1\n/\n");
  unsetenv("TOLD");
}

TEST(DetachedProcess, leads_a_session_of_its_own) {
  EXPECT_EQ(printed_by("[ $(cut -d' ' -f6 /proc/$$/stat) = $$ ] && echo own"), "own\n");
  EXPECT_THROW(start_detached({{"/no/such/program"}, {}, "", -1}), Error);
}

}  // namespace
}  // namespace backlot
