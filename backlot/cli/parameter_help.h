// The parameters of a flow, for `run --help`.
#pragma once
#include <string>

#include "backlot/flow/flow_code.h"

namespace backlot::cli {

/// One line a parameter: "  --rows INT   how many rows (from 1; default 10)".
std::string parameter_help(const FlowCode& flow);

}  // namespace backlot::cli
