#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/control.h"

namespace backlot::cli {
namespace {

Action declare(CommandLine& line) {
  auto run = std::make_shared<std::string>();
  line.add("run", *run, "a running run, such as Flow/last").required();
  return [run](Context& context) {
    const bool now = verbs::cancel(context.open(), Pathspec::parse(*run)) == verbs::Done::now;
    print(now ? "cancelled; its scheduler was gone\n" : "asked the running scheduler\n");
    return 0;
  };
}

}  // namespace

extern const Verb cancel_verb;
const Verb cancel_verb{"cancel", "stop a run", declare};

}  // namespace backlot::cli
