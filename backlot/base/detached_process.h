// A program that goes on by itself: in a session of its own, with nothing of ours but what is said.
#pragma once
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace backlot {

struct DetachedProgram {
  std::vector<std::string> words;  ///< the program, by its path or looked for in PATH, and what it is called with
  std::vector<std::pair<std::string, std::string>> environment;  ///< besides what we have, or in its place
  std::string directory;                                         ///< empty, or gone: ours
  int output = -1;                                               ///< descriptor for what it prints; -1: nowhere
};

/// Starts it with empty signal masks, standard input from /dev/null and no other descriptor open. The caller must wait
/// for its end. Throws Error.
pid_t start_detached(DetachedProgram program);

}  // namespace backlot
