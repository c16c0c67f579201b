#include "backlot/cli/flow_program.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "backlot/base/error.h"
#include "backlot/cli/become.h"

namespace backlot::cli {

namespace {

/// Where the package `backlot` for Python lies: beside the folder of this program in a build, below its prefix when
/// installed.
std::filesystem::path python_package() {
  std::error_code ignored;
  std::filesystem::path bin = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* place : {"../python", "../lib/backlot/python"}) {
    std::filesystem::path folder = (bin / place).lexically_normal();
    if (std::filesystem::exists(folder / "backlot" / "__init__.py", ignored)) return folder;
  }
  throw Error(ErrorCode::not_found, "the Python package of Backlot is not beside " + bin.string(),
              "build or install it, or run the flow with a Python that has it");
}

/// `python3 flow.py verb …`, where both `backlot` and, through the shim, `metaflow` can be imported.
[[noreturn]] void become_python(const std::vector<std::string>& words) {
  std::filesystem::path package = python_package();
  std::string path = package.string() + ":" + (package / "backlot" / "shim").string();
  if (const char* before = std::getenv("PYTHONPATH"); before && *before) path += std::string(":") + before;
  setenv("PYTHONPATH", path.c_str(), 1);
  const char* chosen = std::getenv("BACKLOT_PYTHON");
  std::vector<std::string> kept{chosen && *chosen ? chosen : "python3", words[1], words[0]};
  kept.insert(kept.end(), words.begin() + 2, words.end());
  become(std::move(kept));
}

}  // namespace

void become_flow_program(const std::vector<std::string>& words) {
  const std::string& verb = words.at(0);
  if (words.size() < 2 || words[1].starts_with('-')) {
    throw Error(ErrorCode::usage, "`backlot " + verb + "` needs the program of a flow",
                "such as `backlot " + verb + " ./movie_stats`");
  }
  std::string program = words[1];
  if (program.ends_with(".py")) become_python(words);
  bool beside = program.find('/') == program.npos && access(("./" + program).c_str(), X_OK) == 0;
  if (beside) program.insert(0, "./");
  std::vector<std::string> kept{program, verb};
  kept.insert(kept.end(), words.begin() + 2, words.end());
  become(std::move(kept));
}

}  // namespace backlot::cli
