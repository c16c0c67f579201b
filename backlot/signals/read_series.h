// Series from bytes: CSV, JSON lines, and what Prometheus answers. Bytes from anywhere are refused, or read in memory
// in proportion to their size.
#pragma once
#include <string_view>
#include <vector>

#include "backlot/signals/raw_series.h"

namespace backlot::signals {

/// RFC 4180, with a head. Long: a column `time`, a column `value`, and labels in all others (`series`, `metric` or
/// `name` is the metric, or a whole series as `cpu{pod="a"}`). Wide: the first column is the time, every other one a
/// series by its head. An empty cell is no sample; NaN and Inf are samples that are missing for that reason. Times are
/// as time_text.h reads them. Throws Error invalid with the line and the column of everything that is wrong, at
/// most 20.
std::vector<RawSeries> read_csv(std::string_view bytes);

/// A sample a line, {"metric": …, "time": …, "value": …} with "labels": {…} where there are some, or a series a line,
/// {"metric": {…}, "timestamps": […], "values": […]}. Throws Error invalid with the line.
std::vector<RawSeries> read_json_lines(std::string_view bytes);

/// What /api/v1/query_range answers: a matrix. Throws Error invalid: it is no such answer, or says what was wrong.
std::vector<RawSeries> read_prometheus(std::string_view bytes);

/// A series from its text, `cpu{pod="a"}`; a text that is none is the metric's name.
Labels labels_of(std::string_view text);

}  // namespace backlot::signals
