#include "backlot/cli/flow_program.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "backlot/base/error.h"

namespace backlot::cli {

bool is_for_flow_program(std::string_view verb) {
  return verb == "run" || verb == "resume" || verb == "spin" || verb == "check";
}

void become_flow_program(const std::vector<std::string>& words) {
  const std::string& verb = words.at(0);
  if (words.size() < 2 || words[1].starts_with('-')) {
    throw Error(ErrorCode::usage, "`backlot " + verb + "` needs the program of a flow",
                "such as `backlot " + verb + " ./movie_stats`");
  }
  std::string program = words[1];
  if (program.ends_with(".py")) {
    throw Error(ErrorCode::unsupported, program + " is a Python flow, and this is the C++ command line",
                "try `python " + program + " " + verb + "`");
  }
  bool beside = program.find('/') == program.npos && access(("./" + program).c_str(), X_OK) == 0;
  if (beside) program.insert(0, "./");
  std::vector<std::string> kept{program, verb};
  kept.insert(kept.end(), words.begin() + 2, words.end());
  std::vector<char*> argv;
  for (std::string& word : kept) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  throw_system_error("run " + program);
}

}  // namespace backlot::cli
