// What a verb of `backlot signals` is. The program is one of its own, so that no flow binary carries its libraries.
#pragma once
#include <functional>
#include <string_view>

#include "backlot/cli/command_line.h"

namespace backlot::cli {

struct SignalsVerb {
  using Action = std::function<int()>;  ///< returns the exit code; throws Error
  std::string_view name, help;
  /// Adds its options to an empty line; what they are parsed into belongs to the action.
  Action (*declare)(CommandLine& line);
};

extern const SignalsVerb investigate_verb, changes_verb;

}  // namespace backlot::cli
