// `backlot signals VERB …` is this program: one of its own, so that no flow's program carries what it links.
#include "backlot/cli/domain_program.h"

namespace backlot::signals::app {

extern const cli::Verb investigate_verb, changes_verb;
constexpr const cli::Verb* verbs[] = {&investigate_verb, &changes_verb};

}  // namespace backlot::signals::app

int main(int argc, char** argv) {
  return backlot::cli::domain_main(
      argc, argv, {"signals", "from an alert to the few series that explain it", backlot::signals::app::verbs});
}
