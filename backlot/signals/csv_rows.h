// The rows of a CSV text (RFC 4180): cells in quotes may hold commas, quotes written twice, and line breaks.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace backlot::signals {

class CsvRows {
 public:
  explicit CsvRows(std::string_view bytes);
  /// False at the end; empty lines are passed over. Throws Error invalid: a quote that is not closed.
  bool next(std::vector<std::string>& cells);
  /// Where the last row began, from 1.
  std::size_t line() const { return row_line_; }

 private:
  std::string_view left_;
  std::size_t line_ = 1, row_line_ = 1;
};

}  // namespace backlot::signals
