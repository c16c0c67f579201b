#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "backlot/cli/serve_line.h"
#include "backlot/cli/verb.h"

namespace backlot::cli {
namespace {

/// Becomes the server that lies beside this program, else the one in PATH.
int serve(const ServeLine& line) {
  const std::string name = "backlot-server";
  std::error_code ignored;
  std::filesystem::path beside = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name;
  std::vector<std::string> words{std::filesystem::exists(beside, ignored) ? beside.string() : name};
  for (std::string& word : line.words()) words.push_back(std::move(word));
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  if (errno != ENOENT) throw_system_error("run " + words[0]);
  throw Error(ErrorCode::not_found, "the program " + name + " is neither beside this one nor in PATH",
              "it comes with the C++ installation: ./dev install PREFIX");
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<ServeLine>();
  options->declare(line);
  return [options](Context&) { return serve(*options); };
}

}  // namespace

extern const Verb serve_verb;
const Verb serve_verb{"serve", "the console in a browser, and the HTTP API", declare};

}  // namespace backlot::cli
