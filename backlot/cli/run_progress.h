// What a person sees while a flow runs: one status line on a terminal, plain lines in a pipe, events with --json.
#pragma once
#include <memory>

#include "backlot/verbs/run.h"

namespace backlot {

struct ProgressStyle {
  bool terminal = false;  ///< stderr is one: redraw a line
  bool colour = false;
  bool quiet = false;     ///< nothing but failures
  bool json = false;      ///< one JSON object a line on stdout, and nothing else
  int width = 80;         ///< of the terminal
};

/// Status goes to stderr, what tasks print to stdout.
std::unique_ptr<RunWatcher> make_progress(const ProgressStyle& style);

/// The last line, the failures, and how to go on. `command` is how the user started us: "./movie_stats".
void print_report(const RunReport& report, const ProgressStyle& style, const std::string& command);

}  // namespace backlot
