// Where an investigation's series come from: a file, or a Prometheus server.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/cli/command_line.h"
#include "backlot/signals/context.h"
#include "backlot/signals/raw_series.h"

namespace backlot::signals::app {

struct SignalsInput {
  std::string source;  ///< a file (.csv, .jsonl) or "-" for standard input (CSV), or http[s]://HOST[:PORT][/PREFIX]
  std::string target;  ///< a selector that names one series; from Prometheus any query that gives one
  std::string alert_name,
      webhook;  ///< of Prometheus' rules, or a file with what Alertmanager posts: instead of a target
  std::vector<std::string> match;  ///< selectors; a candidate matches one of them. None: every other series
                                   ///< of a file; from Prometheus those with the target's service, app, job or
                                   ///< namespace, and of services at most two calls away
  std::vector<std::string> counters, gauges;  ///< metrics whose kind is not what their names say
  std::string start, end, step = "1m", zone;
  int weeks = 4, limit = 20000, timeout = 30;

  void declare(cli::CommandLine& line);
};

/// All series of a file; several with `kind` corrected.
std::vector<signals::RawSeries> read_series_file(const SignalsInput& input);

struct SignalsData {
  std::optional<signals::Nanos> alert_at;  ///< what the alert itself says
  signals::Nanos alert_held = 0;           ///< how long it must be true before it fires
  signals::Window window;
  signals::RawSeries target;
  std::vector<signals::RawSeries> candidates;
  std::vector<signals::Nanos> back;  ///< how long before the window each week before began
  std::vector<std::string> missing;  ///< what could not be fetched, and why
  std::vector<std::string> notes;    ///< what was chosen
};
/// `calls`: who calls whom, by the names that `service_label` has. Throws Error usage (what was asked for makes no
/// sense), invalid, not_found, io.
SignalsData read_signals(const SignalsInput& input, const std::vector<signals::Call>& calls,
                         std::string_view service_label);

/// "2026-03-10T08:00:00Z", as an option has it. Throws Error usage that names the option.
signals::Nanos time_option(const char* option, const std::string& text);
signals::Nanos duration_option(const char* option, const std::string& text);

}  // namespace backlot::signals::app
