// A run in one line: "Movies/1763829152123456   start ✓   compute ▕████░░░░░░▏ 5/12   3 s".
#pragma once
#include <string>

#include "backlot/cli/run_counts.h"

namespace backlot::cli {

/// `title` comes first and `time` last. Where it does not fit into `columns` (0: any width), the steps that are over
/// give way first, the oldest before the others, and then the end of the line.
std::string status_line(const std::string& title, const Graph& graph, const std::vector<StepCount>& steps,
                        const std::string& time, std::size_t columns);

}  // namespace backlot::cli
