#include "backlot/cli/become.h"

#include <unistd.h>

#include "backlot/base/error.h"

namespace backlot::cli {

void become(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  throw_system_error("run " + words[0]);
}

}  // namespace backlot::cli
