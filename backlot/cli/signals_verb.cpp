#include "backlot/cli/verb.h"

namespace backlot::cli {
namespace {

Action declare(CommandLine&) { return {}; }  // its program reads its words, `--help` too

}  // namespace

extern const Verb signals_verb;
const Verb signals_verb{.name = "signals",
                        .help = "from an alert to the few series that explain it",
                        .declare = declare,
                        .program = "backlot-signals"};

}  // namespace backlot::cli
