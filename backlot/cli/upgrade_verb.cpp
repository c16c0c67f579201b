#include <unistd.h>

#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/upgrade.h"

namespace backlot::cli {
namespace {

int upgrade(Context& context, bool json) {
  client::Client& client = context.open();
  const bool shows = can_redraw(STDERR_FILENO) && !json;
  verbs::UpgradeReport report = verbs::upgrade(client, [&](std::size_t done, std::size_t all) {
    if (shows && done % 100 == 0) std::fprintf(stderr, "\r%zu of %zu runs\033[K", done, all);
  });
  if (shows) std::fputs("\r\033[K", stderr);
  if (json) {
    print(verbs::as_json(report) + "\n");
    return report.failed.empty() ? 0 : 1;
  }
  print("completed " + counted(report.runs, "run") + " with " + counted(report.tasks, "task") + "\n");
  if (report.live) print("left out " + counted(report.live, "run") + " that go on\n");
  for (const std::string& run : report.failed) print("cannot be completed: " + run + "\n");
  return report.failed.empty() ? 0 : 1;
}

Action declare(CommandLine& line) {
  auto json = std::make_shared<bool>(false);
  line.footer(
      "Opening a home migrates its catalog; this does the rest: in runs of older versions it finds which task led to\n"
      "which, once and for all. Without it, the first question about such a run does that.");
  line.flag("--json", *json, "print JSON");
  return [json](Context& context) { return upgrade(context, *json); };
}

}  // namespace

extern const Verb upgrade_verb;
const Verb upgrade_verb{"upgrade", "complete what older versions of backlot wrote", declare};

}  // namespace backlot::cli
