#include "backlot/cli/sibling_program.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "backlot/base/error.h"

namespace backlot::cli {

void become_sibling(const std::string& name, const std::vector<std::string>& words) {
  std::error_code ignored;
  std::filesystem::path beside = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name;
  std::vector<std::string> all{std::filesystem::exists(beside, ignored) ? beside.string() : name};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : all) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  if (errno != ENOENT) throw_system_error("run " + all[0]);
  throw Error(ErrorCode::not_found, "the program " + name + " is neither beside this one nor in PATH",
              "it comes with the C++ installation: ./dev install PREFIX");
}

}  // namespace backlot::cli
