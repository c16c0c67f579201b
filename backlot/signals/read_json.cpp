#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "backlot/base/error.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals {
namespace {

using Json = nlohmann::json;

[[noreturn]] void fail(const std::string& what, const std::string& hint = {}) {
  throw Error(ErrorCode::invalid, what, hint);
}

Json parsed(std::string_view bytes) {
  // A limit on nesting: what is read here has four levels.
  int depth = 0;
  bool is_too_deep = false;
  auto watch = [&](int, Json::parse_event_t event, Json&) {
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start)
      is_too_deep |= ++depth > 16;
    if (event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end) --depth;
    return !is_too_deep;
  };
  Json json = Json::parse(bytes, watch, false);
  if (is_too_deep) fail("it nests deeper than 16");
  if (json.is_discarded()) fail("it is no JSON");
  return json;
}

Labels labels_from(const Json& json) {
  if (json.is_string()) return labels_of(json.get_ref<const std::string&>());
  if (!json.is_object()) fail("\"metric\" is neither a text nor an object of labels");
  std::vector<std::pair<std::string, std::string>> pairs;
  for (auto& [name, value] : json.items()) {
    if (!value.is_string()) fail("the label '" + name + "' is no text");
    pairs.emplace_back(name, value.get<std::string>());
  }
  return Labels(std::move(pairs));
}

/// Numbers as JSON has them, or texts, as Prometheus does for NaN and infinities.
double value_from(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!json.is_string()) fail("a value is no number");
  const auto& text = json.get_ref<const std::string&>();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  double value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) fail("'" + text + "' is no number");
  return value;
}

Nanos time_from(const Json& json) {
  auto time = json.is_string()   ? time_of(json.get_ref<const std::string&>())
              : json.is_number() ? time_of(json.dump())
                                 : std::nullopt;
  if (!time) fail("'" + json.dump().substr(0, 40) + "' is no time", "write it in RFC 3339, or as seconds since 1970");
  return *time;
}

/// Series by their labels, in the order in which they came.
class Gathered {
 public:
  RawSeries& at(const Labels& labels) {
    auto [known, is_new] = places_.emplace(labels, series_.size());
    if (is_new) series_.push_back({labels, kind_by_name(labels.metric()), {}, {}});
    return series_[known->second];
  }
  std::vector<RawSeries> finish() { return std::move(series_); }

 private:
  std::map<Labels, std::size_t> places_;
  std::vector<RawSeries> series_;
};

void add_line(const Json& line, Gathered& into) {
  if (!line.is_object() || !line.contains("metric")) fail("it is no object with a \"metric\"");
  Labels labels = labels_from(line["metric"]);
  if (line.contains("labels")) {
    const Labels more = labels_from(line["labels"]);
    auto pairs = labels.pairs();
    pairs.insert(pairs.end(), more.pairs().begin(), more.pairs().end());
    labels = Labels(std::move(pairs));
  }
  RawSeries& series = into.at(labels);
  if (line.contains("value")) {
    if (!line.contains("time")) fail("there is no \"time\"");
    series.times.push_back(time_from(line["time"]));
    series.values.push_back(value_from(line["value"]));
    return;
  }
  const bool has_both = line.contains("values") && line.contains("timestamps") && line["values"].is_array() &&
                        line["timestamps"].is_array();
  if (!has_both || line["values"].size() != line["timestamps"].size())
    fail("\"values\" and \"timestamps\" are not two lists of one length");
  for (std::size_t i = 0; i < line["values"].size(); ++i) {
    const Nanos time = time_from(line["timestamps"][i]);
    const double value = value_from(line["values"][i]);
    series.times.push_back(time);
    series.values.push_back(value);
  }
}

}  // namespace

std::vector<RawSeries> read_json_lines(std::string_view bytes) {
  Gathered gathered;
  std::size_t number = 0;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(bytes.size(), end + 1));
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    try {
      add_line(parsed(line), gathered);
    } catch (const Error& error) { throw error.in("JSON line " + std::to_string(number)); }
  }
  return gathered.finish();
}

std::vector<RawSeries> read_prometheus(std::string_view bytes) {
  try {
    const Json json = parsed(bytes);
    if (!json.is_object() || !json.contains("status")) fail("it has no \"status\"");
    if (json["status"] != "success") {
      auto text = [&](const char* name) {
        return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
      };
      fail(text("errorType") + ": " + text("error"));
    }
    const Json data = json.value("data", Json::object());
    if (!data.is_object() || data.value("resultType", Json()) != "matrix" || !data.contains("result") ||
        !data["result"].is_array())
      fail("it is no matrix", "ask /api/v1/query_range");
    Gathered gathered;
    for (const Json& one : data["result"]) {
      if (!one.is_object() || !one.contains("metric") || !one.contains("values") || !one["values"].is_array())
        fail("a result has no \"metric\" or no \"values\"");
      RawSeries& series = gathered.at(labels_from(one["metric"]));
      for (const Json& pair : one["values"]) {
        if (!pair.is_array() || pair.size() != 2) fail("a sample is no pair");
        const Nanos time = time_from(pair[0]);
        const double value = value_from(pair[1]);
        series.times.push_back(time);
        series.values.push_back(value);
      }
    }
    return gathered.finish();
  } catch (const Error& error) { throw error.in("Prometheus' answer"); }
}

}  // namespace backlot::signals
