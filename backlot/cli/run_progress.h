// What a person sees while a flow runs: one status line on a terminal, plain lines in a pipe, events with --json.
#pragma once
#include <memory>

#include "backlot/verbs/run.h"

namespace backlot::cli {

struct ProgressStyle {
  bool terminal = false;  ///< stderr is one: redraw a line
  bool colour = false;
  bool quiet = false;  ///< nothing but failures
  bool json = false;   ///< one JSON object a line on stdout, and nothing else
  int width = 80;      ///< of the terminal
};

/// Status goes to stderr, what tasks print to stdout. on_end() tells the failures, and how to go on.
std::unique_ptr<verbs::RunWatcher> make_progress(const ProgressStyle& style);

}  // namespace backlot::cli
