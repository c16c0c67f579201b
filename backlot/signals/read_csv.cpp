#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "backlot/base/error.h"
#include "backlot/signals/csv_rows.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/selector.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals {
namespace {

constexpr std::size_t most_diagnostics = 20;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), lower(text)) != words.end();
}

bool is_time_head(std::string_view head) {
  return is_one_of(head, {"time", "timestamp", "ts", "t", "date", "datetime"});
}

/// As JSON and C write numbers, and NaN and infinities in any spelling; none: no number.
std::optional<double> value_of(std::string_view text) {
  if (is_one_of(text, {"nan", "+nan", "-nan"})) return std::numeric_limits<double>::quiet_NaN();
  if (is_one_of(text, {"inf", "+inf", "infinity", "+infinity"})) return std::numeric_limits<double>::infinity();
  if (is_one_of(text, {"-inf", "-infinity"})) return -std::numeric_limits<double>::infinity();
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The columns of a file, by what they are for.
struct Columns {
  std::size_t time = 0;
  std::optional<std::size_t> value;  // of a long file
  std::vector<std::string> heads;
};

Columns columns_of(std::vector<std::string> heads) {
  Columns columns;
  for (std::size_t i = heads.size(); i-- > 0;) {
    if (is_time_head(heads[i])) columns.time = i;
    if (is_one_of(heads[i], {"value"})) columns.value = i;
  }
  if (columns.value && !is_time_head(heads[columns.time])) columns.value.reset();
  columns.heads = std::move(heads);
  return columns;
}

class Reading {
 public:
  explicit Reading(Columns columns) : columns_(std::move(columns)) {
    if (columns_.value) return;
    for (std::size_t i = 0; i < columns_.heads.size(); ++i)
      if (i != columns_.time) of_column_.push_back(series(labels_of(columns_.heads[i])));
  }

  void add(std::size_t line, const std::vector<std::string>& cells) {
    if (cells.size() != columns_.heads.size()) {
      return add_diagnostic(
          line, "",
          "has " + std::to_string(cells.size()) + " cells, and the head " + std::to_string(columns_.heads.size()),
          "give each row as many as the head has");
    }
    auto time = time_of(cells[columns_.time]);
    if (!time)
      return add_diagnostic(line, columns_.heads[columns_.time], "'" + cells[columns_.time] + "' is no time",
                            "write it in RFC 3339, or as seconds since 1970");
    if (columns_.value) return add_value(line, *columns_.value, cells[*columns_.value], *time, long_series(cells));
    std::size_t next = 0;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (i != columns_.time) add_value(line, i, cells[i], *time, of_column_[next++]);
  }

  std::vector<RawSeries> finish() {
    if (!found_.empty()) throw error_of(ErrorCode::invalid, "CSV", found_);
    return std::move(series_);
  }
  bool has_enough() const { return found_.size() >= most_diagnostics; }

 private:
  void add_value(std::size_t line, std::size_t column, const std::string& cell, Nanos time, std::size_t to) {
    if (cell.empty()) return;
    auto value = value_of(cell);
    if (!value)
      return add_diagnostic(line, columns_.heads[column], "'" + cell + "' is no number",
                            "leave the cell empty where there is no sample");
    series_[to].times.push_back(time);
    series_[to].values.push_back(*value);
  }

  std::size_t long_series(const std::vector<std::string>& cells) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i == columns_.time || i == *columns_.value) continue;
      if (!is_one_of(columns_.heads[i], {"series", "metric", "name"})) {
        pairs.emplace_back(columns_.heads[i], cells[i]);
        continue;
      }
      const Labels whole = labels_of(cells[i]);
      pairs.insert(pairs.end(), whole.pairs().begin(), whole.pairs().end());
    }
    return series(Labels(std::move(pairs)));
  }

  std::size_t series(const Labels& labels) {
    auto [at, is_new] = known_.emplace(labels, series_.size());
    if (is_new) series_.push_back({labels, kind_by_name(labels.metric()), {}, {}});
    return at->second;
  }

  void add_diagnostic(std::size_t line, const std::string& column, std::string message, std::string fix) {
    std::string place = "line " + std::to_string(line) + (column.empty() ? "" : ", column '" + column + "'");
    found_.push_back({"csv", std::move(place), std::move(message), std::move(fix)});
  }

  Columns columns_;
  std::vector<std::size_t> of_column_;
  std::map<Labels, std::size_t> known_;
  std::vector<RawSeries> series_;
  std::vector<Diagnostic> found_;
};

}  // namespace

Labels labels_of(std::string_view text) {
  if (text.find('{') != text.npos) {
    Selector selector(text);
    if (selector.names_one()) return selector.equal_labels();
  }
  return Labels({{std::string(metric_label), std::string(text)}});
}

std::vector<RawSeries> read_csv(std::string_view bytes) {
  CsvRows rows(bytes);
  std::vector<std::string> cells;
  if (!rows.next(cells) || cells.size() < 2)
    throw Error(ErrorCode::invalid, "CSV: there is no head with a time and a series",
                "begin with 'time,value,label…' or 'time,series,series…'");
  Reading reading(columns_of(cells));
  while (!reading.has_enough() && rows.next(cells)) reading.add(rows.line(), cells);
  return reading.finish();
}

}  // namespace backlot::signals
