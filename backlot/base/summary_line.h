// What a text of several lines comes to where there is room for one.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace backlot {

/// The first line; where it only introduces an indented list, as that of error_of() does, the first of the list, too.
inline std::string summary_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  std::string line(text.substr(0, end));
  if (end == text.npos || !text.substr(end).starts_with("\n  ")) return line;
  std::string_view behind = text.substr(end + 1);
  behind.remove_prefix(std::min(behind.size(), behind.find_first_not_of(' ')));
  line.append(line.ends_with(':') ? " " : ": ").append(behind.substr(0, behind.find('\n')));
  return line;
}

}  // namespace backlot
