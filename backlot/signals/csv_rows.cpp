#include "backlot/signals/csv_rows.h"

#include "backlot/base/error.h"

namespace backlot::signals {

CsvRows::CsvRows(std::string_view bytes) : left_(bytes) {
  if (left_.starts_with("\xef\xbb\xbf")) left_.remove_prefix(3);
}

bool CsvRows::next(std::vector<std::string>& cells) {
  while (!left_.empty() && (left_[0] == '\n' || left_[0] == '\r')) {
    line_ += left_[0] == '\n';
    left_.remove_prefix(1);
  }
  cells.clear();
  if (left_.empty()) return false;
  row_line_ = line_;
  cells.emplace_back();
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < left_.size(); ++at) {
    const char c = left_[at];
    if (is_quoted) {
      if (c == '"' && at + 1 < left_.size() && left_[at + 1] == '"') {
        cells.back() += left_[++at];
      } else if (c == '"') {
        is_quoted = false;
      } else {
        line_ += c == '\n';
        cells.back() += c;
      }
    } else if (c == '"' && cells.back().empty()) {
      is_quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  if (is_quoted)
    throw Error(ErrorCode::invalid, "line " + std::to_string(row_line_) + ": a quote that is not closed",
                "close it, or write it twice");
  left_.remove_prefix(at);
  return true;
}

}  // namespace backlot::signals
