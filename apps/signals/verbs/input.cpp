#include "apps/signals/verbs/input.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

#include "apps/signals/verbs/civil_time.h"
#include "apps/signals/verbs/prometheus.h"
#include "backlot/base/error.h"
#include "backlot/base/system_files.h"
#include "backlot/base/whole_file.h"
#include "backlot/signals/alert.h"
#include "backlot/signals/call_graph.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/selector.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

namespace {

Nanos now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool is_url(const std::string& source) { return source.starts_with("http://") || source.starts_with("https://"); }

void correct_kinds(const SignalsInput& input, RawSeries& series) {
  auto names = [&](const std::vector<std::string>& metrics) {
    return std::find(metrics.begin(), metrics.end(), series.labels.metric()) != metrics.end();
  };
  if (names(input.counters)) series.kind = Kind::counter;
  if (names(input.gauges)) series.kind = Kind::gauge;
}

std::vector<Selector> selectors_of(const SignalsInput& input) {
  std::vector<Selector> selectors;
  for (const std::string& text : input.match) selectors.emplace_back(text);
  return selectors;
}

/// What was asked for; of what was not, the last day of the target.
Window window_of(const SignalsInput& input, const RawSeries& target) {
  Window window;
  if (target.times.empty()) throw Error(ErrorCode::invalid, "the target has no samples");
  const Nanos step = std::max<Nanos>(step_of(target), 1);
  window.end = input.end.empty() ? target.times.back() + step : time_option("--end", input.end);
  window.begin =
      input.start.empty() ? std::max(target.times.front(), window.end - day) : time_option("--start", input.start);
  if (window.begin >= window.end)
    throw Error(ErrorCode::usage, "the window ends before it begins", "give --start before --end");
  return window;
}

SignalsData from_file(const SignalsInput& input) {
  if (input.target.empty()) throw Error(ErrorCode::usage, "what to explain is not said", "give --target");
  SignalsData data;
  std::vector<RawSeries> all = read_series_file(input);
  const Selector wanted(input.target);
  std::vector<Selector> selectors = selectors_of(input);
  std::vector<std::string> targets;
  for (RawSeries& series : all) {
    if (wanted.matches(series.labels)) {
      targets.push_back(series.labels.text());
      data.target = std::move(series);
      continue;
    }
    const bool is_asked = selectors.empty() || std::any_of(selectors.begin(), selectors.end(),
                                                           [&](const Selector& s) { return s.matches(series.labels); });
    if (is_asked) data.candidates.push_back(std::move(series));
  }
  if (targets.empty())
    throw Error(ErrorCode::not_found, "no series is '" + input.target + "'", "look at the head of " + input.source);
  if (targets.size() > 1)
    throw Error(
        ErrorCode::usage,
        std::to_string(targets.size()) + " series are '" + input.target + "': " + targets[0] + ", " + targets[1] + " …",
        "name one of them with --target");
  Irregularities ignored;
  put_in_order(data.target, ignored);
  data.window = window_of(input, data.target);
  data.back = civil_weeks_back(input.zone, data.window.begin, static_cast<unsigned>(std::max(0, input.weeks)));
  return data;
}

/// The window and the weeks before it.
std::vector<RawSeries> with_weeks(const Prometheus& server, const std::vector<Nanos>& weeks, const std::string& query,
                                  Window window, Nanos step) {
  std::vector<RawSeries> all = server.range(query, window, step);
  for (Nanos back : weeks) {
    if (all.empty()) break;
    for (RawSeries& before : server.range(query, {window.begin - back, window.end - back}, step)) {
      auto at = std::find_if(all.begin(), all.end(), [&](const RawSeries& s) { return s.labels == before.labels; });
      if (at == all.end()) continue;
      at->times.insert(at->times.begin(), before.times.begin(), before.times.end());
      at->values.insert(at->values.begin(), before.values.begin(), before.values.end());
    }
  }
  return all;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw_system_error("open " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What only the rule knows; 0 when it is another server's.
Nanos held_of(const Prometheus& server, const std::string& alert) {
  try {
    return read_rule(server.rules(), alert).held;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return 0;
  }
}

/// The alert that is asked about, if one is.
std::optional<Alert> alert_of(const SignalsInput& input, const Prometheus& server) {
  if (!input.webhook.empty()) {
    Alert alert;
    try {
      alert = read_webhook(read_file(input.webhook))[0];
    } catch (const Error& error) { throw error.in(input.webhook); }
    alert.held = held_of(server, alert.name);
    return alert;
  }
  if (!input.alert_name.empty()) return read_rule(server.rules(), input.alert_name);
  return std::nullopt;
}

/// What was asked for, completed by what the alert says: what it compares, and the day before it was true.
SignalsInput completed(SignalsInput input, const Alert& alert) {
  if (input.target.empty()) {
    auto compared = without_comparison(alert.expression);
    if (!compared)
      throw Error(ErrorCode::usage,
                  "what the alert " + alert.name + " is about cannot be told from '" + alert.expression + "'",
                  "give the query of what it watches with --target");
    input.target = *compared;
  }
  if (alert.active_at) {
    if (input.start.empty()) input.start = signals::time_text(*alert.active_at - alert.held - day);
    if (input.end.empty()) input.end = signals::time_text(std::min(*alert.active_at + hour / 2, now()));
  }
  return input;
}

/// A text that a regular expression in a selector matches as it is.
std::string quoted(std::string_view text) {
  std::string result;
  for (char c : text) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || (c & 0x80);
    if (!is_plain) result += "\\\\";  // a backslash, as the selector's text has it
    result += c;
  }
  return result;
}

/// What is nearest to the target: by calls, where its service makes or takes some, else by its labels.
std::string default_match(const Labels& target, const std::vector<Call>& calls, std::string_view service_label) {
  constexpr unsigned near = 2;
  const auto service = target.value(service_label);
  std::string names;
  for (const auto& [name, hops] : hops_from(service, calls))
    if (hops <= near && !name.empty()) names += (names.empty() ? "" : "|") + quoted(name);
  if (!service.empty() && names.find('|') != std::string::npos)
    return "{" + std::string(service_label) + "=~\"" + names + "\"}";
  for (const char* label : {"service", "app", "job", "namespace"})
    if (const auto value = target.value(label); !value.empty())
      return Labels({std::pair<std::string, std::string>(label, value)}).text();
  throw Error(ErrorCode::usage, "which series may explain it is not said, and the target's labels do not tell",
              R"(give --match '{job="…"}', as often as needed)");
}

SignalsData from_prometheus(SignalsInput input, const std::vector<Call>& calls, std::string_view service_label) {
  const Prometheus server(input.source, input.timeout);
  const std::optional<Alert> alert = alert_of(input, server);
  if (alert) input = completed(std::move(input), *alert);
  if (input.target.empty())
    throw Error(ErrorCode::usage, "what to explain is not said", "give --target, --alert-name or --webhook");
  if (input.start.empty() || input.end.empty())
    throw Error(ErrorCode::usage, "a server has no last day of its own", "give --start and --end");
  SignalsData data;
  if (alert) data.alert_at = alert->active_at, data.alert_held = alert->held;
  data.window = {time_option("--start", input.start), time_option("--end", input.end)};
  const Nanos step = duration_option("--step", input.step);
  if (data.window.begin >= data.window.end)
    throw Error(ErrorCode::usage, "the window ends before it begins", "give --start before --end");
  data.back = civil_weeks_back(input.zone, data.window.begin, static_cast<unsigned>(std::max(0, input.weeks)));
  std::vector<RawSeries> target = with_weeks(server, data.back, input.target, data.window, step);
  if (target.empty())
    throw Error(ErrorCode::not_found, "no series is '" + input.target + "' from " + input.start + " to " + input.end);
  if (target.size() > 1)
    throw Error(ErrorCode::usage, std::to_string(target.size()) + " series are '" + input.target + "'",
                "name one of them, or aggregate them");
  data.target = std::move(target[0]);
  if (input.match.empty()) {
    input.match.push_back(default_match(data.target.labels, calls, service_label));
    data.notes.push_back("candidates are those of " + input.match[0] + ", near the target: --match chooses others");
  }
  for (const std::string& match : input.match) {
    try {
      for (RawSeries& series : with_weeks(server, data.back, match, data.window, step)) {
        const bool is_known = series.labels == data.target.labels ||
                              std::any_of(data.candidates.begin(), data.candidates.end(),
                                          [&](const RawSeries& s) { return s.labels == series.labels; });
        if (!is_known) data.candidates.push_back(std::move(series));
      }
    } catch (const Error& error) {
      // A part that is missing does not spoil the others, but the report names it.
      data.missing.push_back(match + ": " + error.what());
    }
  }
  if (static_cast<int>(data.candidates.size()) > input.limit)
    throw Error(
        ErrorCode::usage,
        std::to_string(data.candidates.size()) + " series match, and the limit is " + std::to_string(input.limit),
        "narrow --match, or raise --limit");
  return data;
}

}  // namespace

void SignalsInput::declare(cli::CommandLine& line) {
  line.add("source", source, "a file (.csv, .jsonl), - for CSV on standard input, or http://PROMETHEUS").required();
  line.add("--target", target, R"(the series to explain: metric{label="value"}; from Prometheus any query)");
  line.add("--alert-name", alert_name, "instead: what this alert of Prometheus' rules compares");
  line.add("--webhook", webhook, "instead: what the first alert of this body of Alertmanager's compares");
  line.add("--match", match, "which series may explain it, by a selector; may be repeated");
  line.add("--start", start, "where the window begins (RFC 3339 or seconds since 1970)");
  line.add("--end", end, "where it ends; of a file both are the last day of the target");
  line.add("--step", step, "from Prometheus: a sample every so often").shows_default();
  line.add("--tz", zone, "the time zone by whose clocks weeks are compared (default: UTC)");
  line.add("--weeks", weeks, "weeks before to compare with, where they are there").shows_default();
  line.add("--limit", limit, "candidates from Prometheus, at most").shows_default();
  line.add("--timeout", timeout, "seconds to wait for each answer of Prometheus").shows_default();
  line.add("--counter", counters, "a metric that is a counter though it does not end in _total; may be repeated");
  line.add("--gauge", gauges, "a metric that is none though it does; may be repeated");
}

std::vector<RawSeries> read_series_file(const SignalsInput& input) {
  const std::string bytes =
      input.source == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : read_file(input.source);
  const bool is_json =
      input.source.ends_with(".jsonl") || input.source.ends_with(".ndjson") || input.source.ends_with(".json");
  try {
    std::vector<RawSeries> all = is_json ? read_json_lines(bytes) : read_csv(bytes);
    for (RawSeries& series : all) correct_kinds(input, series);
    return all;
  } catch (const Error& error) { throw error.in(input.source); }
}

SignalsData read_signals(const SignalsInput& input, const std::vector<Call>& calls, std::string_view service_label) {
  SignalsData data = is_url(input.source) ? from_prometheus(input, calls, service_label) : from_file(input);
  correct_kinds(input, data.target);
  for (RawSeries& series : data.candidates) correct_kinds(input, series);
  return data;
}

Nanos time_option(const char* option, const std::string& text) {
  auto time = time_of(text);
  if (!time)
    throw Error(ErrorCode::usage, std::string(option) + ": '" + text + "' is no time",
                "write 2026-03-10T08:00:00Z, or seconds since 1970");
  return *time;
}

Nanos duration_option(const char* option, const std::string& text) {
  auto duration = duration_of(text);
  if (!duration || *duration <= 0)
    throw Error(ErrorCode::usage, std::string(option) + ": '" + text + "' is no duration", "write 90s, 15m or 1h30m");
  return *duration;
}

}  // namespace backlot::signals::app
