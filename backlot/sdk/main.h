// int main of a flow's program.
#pragma once
#include <vector>

#include "backlot/sdk/program_code.h"

#ifndef BACKLOT_LIBEXEC  // find_package(backlot) says where the programs of its installation are
#define BACKLOT_LIBEXEC ""
#endif

namespace backlot {

namespace sdk {
/// Serves one command line for these flows: the verbs of `backlot`, and run, resume and check of the flows themselves.
/// `libexec`: as cli::main() takes it.
int main(int argc, char** argv, const std::vector<std::unique_ptr<FlowCode>>& flows, const char* libexec);
}  // namespace sdk

/// `int main(int argc, char** argv) { return backlot::main<MovieStats>(argc, argv); }`
template <class... F>
int main(int argc, char** argv) {
  return sdk::main(argc, argv, flow_codes<F...>(), BACKLOT_LIBEXEC);
}

}  // namespace backlot
