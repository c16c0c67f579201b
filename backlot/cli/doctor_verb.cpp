#include "backlot/verbs/doctor.h"

#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"

namespace backlot::cli {
namespace {

int look(bool json) {
  std::vector<verbs::HealthCheck> checks = verbs::doctor(find_home());
  if (json) {
    print(verbs::as_json(checks) + "\n");
    return 0;
  }
  Table table({"WHAT", "IS", "ADVICE"});
  for (const verbs::HealthCheck& f : checks) table.add({f.name, f.value, {f.advice, Colour::yellow}});
  print(table);
  return 0;
}

Action declare(CommandLine& line) {
  auto json = std::make_shared<bool>(false);
  line.flag("--json", *json, "print JSON");
  return [json](Context&) { return look(*json); };
}

}  // namespace

extern const Verb doctor_verb;
const Verb doctor_verb{"doctor", "what to know of this machine and this home", declare};

}  // namespace backlot::cli
