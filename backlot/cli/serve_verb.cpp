#include <memory>

#include "backlot/cli/serve_line.h"
#include "backlot/cli/verb.h"

namespace backlot::cli {
namespace {

Action declare(CommandLine& line) {
  auto options = std::make_shared<ServeLine>();
  options->declare(line);
  return [options](Context& context) -> int { context.programs.become_server(options->words()); };
}

}  // namespace

extern const Verb serve_verb;
const Verb serve_verb{"serve", "the console in a browser, and the HTTP API", declare};

}  // namespace backlot::cli
