#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/signals/verbs/input.h"
#include "backlot/base/error.h"
#include "backlot/card/words.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/signals/change.h"
#include "backlot/signals/change_points.h"
#include "backlot/signals/noise.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

namespace {

struct Line {
  SignalsInput input;
  std::string cost = "l2", search, penalty;
  int min_size = 0;
  bool json = false;
};

ChangeOptions options_of(const Line& line) {
  ChangeOptions options;
  for (Cost cost : {Cost::l2, Cost::normal, Cost::poisson, Cost::l1})
    if (line.cost == name_of(cost)) options.cost = cost;
  for (Search search : {Search::pelt, Search::functional, Search::binary})
    if (line.search == name_of(search)) options.search = search;
  if (!line.penalty.empty()) {
    std::size_t used = 0;
    try {
      options.penalty = std::stod(line.penalty, &used);
    } catch (const std::exception&) {}
    if (used != line.penalty.size()) throw Error(ErrorCode::usage, "--penalty: '" + line.penalty + "' is no number");
  }
  options.min_size = static_cast<std::uint32_t>(line.min_size);
  return options;
}

/// Of one day the times alone.
std::string between(const std::string& low, const std::string& high) {
  constexpr std::size_t date = 11;  // "2026-03-11T"
  return low.compare(0, date, high, 0, date) == 0 ? low.substr(date) + " – " + high.substr(date) : low + " – " + high;
}

/// What the default penalty is made of.
nlohmann::ordered_json json_of(const Noise& noise) {
  return {{"sigma", noise.sigma}, {"phi", noise.phi}, {"long_run", noise.long_run}};
}

int changes(const Line& line) {
  const ChangeOptions options = options_of(line);
  cli::Table table({"AT", "BETWEEN", "KIND", "FROM", "TO", "SERIES"});
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  std::size_t series_count = 0, change_count = 0;
  for (RawSeries& series : read_series_file(line.input)) {
    Irregularities found;
    put_in_order(series, found);
    std::vector<double> values;
    std::vector<Nanos> times;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      if (!std::isfinite(series.values[i])) continue;
      values.push_back(series.values[i]);
      times.push_back(series.times[i]);
    }
    const Segmentation segments = [&] {
      try {
        return change_points(values, options);
      } catch (const Error& error) { throw error.in(series.labels.text()); }
    }();
    nlohmann::ordered_json json{{"series", series.labels.text()},
                                {"samples", values.size()},
                                {"cost", name_of(options.cost)},
                                {"search", name_of(segments.search)},
                                {"support", name_of(segments.support)},
                                {"penalty", std::isfinite(segments.penalty) ? nlohmann::ordered_json(segments.penalty)
                                                                            : nlohmann::ordered_json()},
                                {"noise", json_of(noise_of(values))},
                                {"changes", nlohmann::ordered_json::array()}};
    for (const Change& change : describe(values, options.cost, segments.changes)) {
      const std::string at = signals::time_text(times[change.index]);
      const std::string low = signals::time_text(times[change.low]), high = signals::time_text(times[change.high]);
      table.add({at, low == high ? "" : between(low, high), std::string(name_of(change.kind)),
                 card::number_words(change.before), card::number_words(change.after), series.labels.text()});
      json["changes"].push_back({{"at", at},
                                 {"index", change.index},
                                 {"low", low},
                                 {"high", high},
                                 {"kind", name_of(change.kind)},
                                 {"before", change.before},
                                 {"after", change.after}});
    }
    ++series_count;
    change_count += segments.changes.size();
    all.push_back(std::move(json));
  }
  if (line.json) {
    cli::print(all.dump(2) + "\n");
    return 0;
  }
  if (change_count) cli::print(table);
  cli::print(cli::counted(change_count, "change") + " in " + std::to_string(series_count) + " series\n");
  return 0;
}

cli::Action declare(cli::CommandLine& command) {
  auto line = std::make_shared<Line>();
  command.add("source", line->input.source, "a file (.csv, .jsonl), or - for CSV on standard input").required();
  command.add("--cost", line->cost, "what changes: mean, mean and variance, rate of counts, median")
      .one_of({"l2", "normal", "poisson", "l1"})
      .shows_default();
  command.add("--search", line->search, "how it is looked for (default: exact)")
      .one_of({"functional", "pelt", "binary"});
  command.add("--penalty", line->penalty, "what a change must gain (default: by the noise of the series)");
  command.add("--min-size", line->min_size, "samples between two changes, at least").at_least(0);
  command.flag("--json", line->json, "as JSON");
  return [line](cli::Context&) { return changes(*line); };
}

}  // namespace

extern const cli::Verb changes_verb;
const cli::Verb changes_verb{"changes", "where each series of a file changes", declare};

}  // namespace backlot::signals::app
