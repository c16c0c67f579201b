// The program of a domain: `backlot signals VERB …` becomes `backlot-signals VERB …`.
#pragma once
#include <string_view>

#include "backlot/cli/verb.h"

namespace backlot::cli {

struct DomainProgram {
  std::string_view name;  ///< "signals"
  std::string_view help;  ///< one line, for `backlot --help`
  Verbs verbs;
};

/// Runs one command line and returns its exit code, as main() of cli.h does. Asked for `__describe` it prints what
/// docs/formats/domain.md says, which the build puts beside the program.
int domain_main(int argc, char** argv, const DomainProgram& domain);

}  // namespace backlot::cli
