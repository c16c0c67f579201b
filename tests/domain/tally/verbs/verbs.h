// The verbs of `backlot tally`.
#pragma once
#include "backlot/cli/domain_program.h"

namespace backlot::tally {

extern const cli::Verb count_verb, keep_verb, forget_verb;

}  // namespace backlot::tally
