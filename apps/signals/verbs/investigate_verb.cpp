#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "apps/signals/report_page.h"
#include "apps/signals/verbs/input.h"
#include "apps/signals/verbs/report_text.h"
#include "backlot/base/error.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/signals/histograms.h"
#include "backlot/signals/investigate.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/report_json.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

namespace {

constexpr int partial = 3;  ///< the exit code when something could not be read

struct Line {
  SignalsInput input;
  std::string alert, look_back = "1h", horizon = "15m", max_lag = "1h", deadline, events, calls,
                     service_label = "service", html, outcomes, why;
  std::vector<std::string> volatile_labels, absent_is_zero;
  int most = 50, workers = 0;
  bool json = false, charts = false, all = false;
};

/// Stops an investigation when its time is up.
class Deadline {
 public:
  explicit Deadline(const std::string& text) {
    if (text.empty()) return;
    const auto limit = std::chrono::nanoseconds(duration_option("--deadline", text));
    watch_ = std::thread([this, limit] {
      std::unique_lock lock(mutex_);
      if (!ended_.wait_for(lock, limit, [this] { return is_over_; })) stop_ = true;
    });
  }
  ~Deadline() {
    {
      std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    ended_.notify_all();
    if (watch_.joinable()) watch_.join();
  }
  const std::atomic<bool>* stop() const { return &stop_; }

 private:
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::thread watch_;
};

nlohmann::json json_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw_system_error("open " + path);
  nlohmann::json json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_array()) throw Error(ErrorCode::invalid, "it is no JSON list").in(path);
  return json;
}

std::string text_in(const nlohmann::json& object, const char* name, const std::string& place) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string())
    throw Error(ErrorCode::invalid, std::string("there is no text \"") + name + "\"").in(place);
  return object[name].get<std::string>();
}

/// [{"at": …, "text": …, "labels": {…}}, …]
std::vector<Event> read_events(const std::string& path) {
  std::vector<Event> events;
  for (const auto& json : json_file(path)) {
    const std::string place = path + ": event " + std::to_string(events.size() + 1);
    Event event;
    auto at = time_of(text_in(json, "at", place));
    if (!at) throw Error(ErrorCode::invalid, "\"at\" is no time").in(place);
    event.at = *at;
    event.text = text_in(json, "text", place);
    std::vector<std::pair<std::string, std::string>> labels;
    const nlohmann::json given = json.value("labels", nlohmann::json::object());
    for (auto& [name, value] : given.items())
      if (value.is_string()) labels.emplace_back(name, value.get<std::string>());
    event.labels = Labels(std::move(labels));
    events.push_back(std::move(event));
  }
  return events;
}

/// [{"caller": …, "callee": …}, …]
std::vector<Call> read_calls(const std::string& path) {
  std::vector<Call> calls;
  for (const auto& json : json_file(path)) {
    const std::string place = path + ": call " + std::to_string(calls.size() + 1);
    calls.push_back({text_in(json, "caller", place), text_in(json, "callee", place)});
  }
  return calls;
}

Options options_of(const Line& line) {
  Options options;
  if (!line.alert.empty()) options.alert_at = time_option("--alert", line.alert);
  options.look_back = duration_option("--look-back", line.look_back);
  options.horizon = duration_option("--horizon", line.horizon);
  options.max_lag = duration_option("--max-lag", line.max_lag);
  if (!line.volatile_labels.empty()) options.volatile_labels = line.volatile_labels;
  for (const std::string& name : line.absent_is_zero)
    for (Kind kind : {Kind::gauge, Kind::counter, Kind::count})
      if (name == name_of(kind)) options.absent_is[static_cast<std::size_t>(kind)] = Absence::zero;
  options.service_label = line.service_label;
  if (!line.events.empty()) options.events = read_events(line.events);
  if (!line.calls.empty()) options.calls = read_calls(line.calls);
  options.most_findings = static_cast<std::size_t>(line.most);
  options.workers =
      line.workers > 0 ? static_cast<unsigned>(line.workers) : std::max(1u, std::thread::hardware_concurrency());
  return options;
}

Target target_of(RawSeries series, Window window, std::span<const Nanos> weeks, std::vector<std::string>& notes) {
  Target target;
  target.labels = series.labels;
  Irregularities found;
  put_in_order(series, found);
  const Nanos step = step_of(series);
  if (step == 0) throw Error(ErrorCode::invalid, "the target has fewer than two samples");
  put_on_grid(series, window, step, target.samples, found);
  for (Nanos back : weeks) {
    Samples samples;
    put_on_grid(series, {window.begin - back, window.end - back}, step, samples, found);
    target.weeks.push_back(std::move(samples));
  }
  if (found.crowded)
    notes.push_back(cli::counted(found.crowded, "sample") +
                    " of the target shared a step with another: the later one counts");
  return target;
}

std::optional<std::size_t> place_of(const Labels& labels, const SeriesSource& source) {
  for (std::size_t i = 0; i < source.size(); ++i)
    if (source.labels(i) == labels) return i;
  return std::nullopt;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw_system_error("write " + path);
}

int investigate_line(const Line& line) {
  Options options = options_of(line);
  Deadline deadline(line.deadline);
  SignalsData data = read_signals(line.input, options.calls, options.service_label);
  if (!options.alert_at) options.alert_at = data.alert_at;
  options.look_back += data.alert_held;
  MemorySource fetched(std::move(data.candidates), data.window, data.back);
  const FoldedHistograms source(fetched);
  std::vector<std::string> notes = data.notes;
  const Target target =
      target_of(std::move(data.target), data.window, std::span(data.back).first(source.history_weeks()), notes);
  Report report = investigate(target, source, options, deadline.stop());
  const Irregularities& odd = fetched.irregularities();
  if (odd.unsorted) notes.push_back(cli::counted(odd.unsorted, "sample") + " stood behind later ones: sorted");
  if (odd.duplicates)
    notes.push_back(cli::counted(odd.duplicates, "sample") + " had the time of another one: the last counts");
  for (const std::string& missing : data.missing) notes.push_back("not fetched: " + missing);
  report.notes.insert(report.notes.end(), notes.begin(), notes.end());
  const bool is_partial = !data.missing.empty() || report.outcomes[static_cast<std::size_t>(Outcome::not_read)] > 0;
  if (!line.html.empty()) write_file(line.html, report_page(report));
  if (!line.outcomes.empty()) write_file(line.outcomes, outcomes_as_json_lines(report, source));
  if (!line.why.empty()) {
    const Labels labels = labels_of(line.why);
    const auto candidate = place_of(labels, source);
    if (!candidate) throw Error(ErrorCode::not_found, "no candidate is " + labels.text());
    cli::print(why_text(report, labels, *candidate));
  } else if (line.json) {
    cli::print(to_json(report, 2, line.charts) + "\n");
  } else {
    cli::print(report_text(report, line.all, cli::colours_on(1)));
  }
  return is_partial ? partial : 0;
}

cli::Action declare(cli::CommandLine& command) {
  auto line = std::make_shared<Line>();
  line->input.declare(command);
  command.add("--alert", line->alert, "when the alert began to be true: the change is looked for before it");
  command
      .add("--look-back", line->look_back,
           "how long before the alert, and its rule's `for`, the target may have changed")
      .shows_default();
  command.add("--horizon", line->horizon, "how long before it a cause may have changed").shows_default();
  command.add("--max-lag", line->max_lag, "the longest lag of the correlation").shows_default();
  command.add("--events", line->events, R"(a JSON list of {"at", "text", "labels"}: deploys and the like)");
  command.add("--calls", line->calls, R"(a JSON list of {"caller", "callee"}: who calls whom)");
  command.add("--service-label", line->service_label, "the label that has those names").shows_default();
  command.add("--volatile", line->volatile_labels,
              "a label that names a replica (default: pod, instance, container …); may be repeated");
  command
      .add("--absent-is-zero", line->absent_is_zero,
           "of such series, which exist only when they count something, an absent sample means 0; may be repeated")
      .one_of({"gauge", "counter", "count"});
  command.add("--most", line->most, "findings to keep").at_least(1).shows_default();
  command.add("--deadline", line->deadline, "what is not read by then is left out, and said to be");
  command.add("--workers", line->workers, "threads (default: as many as there are cores)");
  command.add("--why", line->why, "tell why this series is where it is, or is not shown");
  command.add("--html", line->html, "write a page there, too");
  command.add("--outcomes", line->outcomes,
              R"(write what became of every candidate there: a line {"series", "outcome"} each)");
  command.flag("--all", line->all, "every finding, as a table");
  command.flag("--json", line->json, "as JSON (docs/formats/signals-report.schema.json)");
  command.flag("--charts", line->charts, "with --json: the samples, too");
  return [line](cli::Context&) { return investigate_line(*line); };
}

}  // namespace

extern const cli::Verb investigate_verb;
const cli::Verb investigate_verb{"investigate", "the few series that explain what another one did", declare};

}  // namespace backlot::signals::app
