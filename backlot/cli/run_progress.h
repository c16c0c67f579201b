// What a person sees while a flow runs: one status line on a terminal, plain lines in a pipe, events with --json.
#pragma once
#include <memory>

#include "backlot/verbs/run.h"

namespace backlot::cli {

struct ProgressStyle {
  bool redraws = false;          ///< stderr is a terminal: its last line is kept up to date, however wide it is
  bool out_is_terminal = false;  ///< stdout is one too: what tasks print is told apart by who printed it
  bool colour = false;
  bool quiet = false;  ///< nothing but failures
  bool json = false;   ///< one JSON object a line on stdout, and nothing else
};

/// Status goes to stderr, what tasks print to stdout, a line at a time. on_end() tells the failures, and how to go on.
std::unique_ptr<verbs::RunWatcher> make_progress(const ProgressStyle& style);

std::unique_ptr<verbs::RunWatcher> make_text_progress(const ProgressStyle& style);  ///< for people
std::unique_ptr<verbs::RunWatcher> make_json_progress();                            ///< for programs

}  // namespace backlot::cli
