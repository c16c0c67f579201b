// The command line of `backlot` and of every flow binary: arguments in, text out.
#pragma once
#include <span>
#include <string>

#include "backlot/base/error.h"
#include "backlot/flow/flow_code.h"

namespace backlot::cli {

/// Runs one command line and returns its exit code: 0 done, 1 it failed, 2 it was wrong. `flows` are those of this
/// program; none in `backlot` itself, which gives run, resume, spin and check to the program they name. `libexec`:
/// where the installation that a flow's program was built with has its programs; empty: known from where this one lies.
/// Nothing is thrown; errors are printed to standard error.
int main(int argc, char** argv, std::span<const FlowCode* const> flows, const std::string& libexec = {});

/// Prints an error as every verb does; returns the exit code.
int report(const Error& error);

}  // namespace backlot::cli
