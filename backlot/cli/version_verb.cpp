
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/doctor.h"

namespace backlot::cli {
namespace {

Action declare(CommandLine&) {
  return [](Context&) {
    print("backlot " + verbs::version() + "\n");
    return 0;
  };
}

}  // namespace

extern const Verb version_verb;
const Verb version_verb{"version", "print the version", declare};

}  // namespace backlot::cli
