#include "backlot/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace backlot::cli {
namespace {

constexpr std::size_t gap = 2;  // between columns

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::none: return "";
    case Colour::red: return "\033[31m";
    case Colour::green: return "\033[32m";
    case Colour::yellow: return "\033[33m";
    case Colour::blue: return "\033[34m";
    case Colour::grey: return "\033[90m";
    case Colour::bold: return "\033[1m";
  }
  return "";
}

char32_t code_point_at(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  char32_t first = byte(at);
  if (first < 0xC0) return first;
  int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t point = first & (0x3Fu >> more);
  for (int i = 1; i <= more; ++i) point = point << 6 | (byte(at + static_cast<std::size_t>(i)) & 0x3F);
  return point;
}

bool is_wide(char32_t point) {
  constexpr std::pair<char32_t, char32_t> wide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                                                    {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                                                    {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  return std::any_of(std::begin(wide), std::end(wide),
                     [&](auto& range) { return range.first <= point && point <= range.second; });
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool is_dumb() {
  const char* kind = std::getenv("TERM");
  return !kind || std::string_view(kind) == "dumb";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  }
  return result;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!continues(text[i])) columns += is_wide(code_point_at(text, i)) ? 2 : 1;
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t filled = 0; end < text.size(); ++end) {
    if (continues(text[end])) continue;
    filled += is_wide(code_point_at(text, end)) ? 2 : 1;
    if (filled > columns) break;
  }
  return std::string(text.substr(0, end));
}

bool can_redraw(int descriptor) { return isatty(descriptor) && !is_dumb(); }

std::size_t terminal_columns(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool colours_on(int descriptor) {
  const char* off = std::getenv("NO_COLOR");
  return can_redraw(descriptor) && !(off && *off);
}

std::string coloured(std::string_view text, Colour colour, bool on) {
  if (!on || colour == Colour::none) return std::string(text);
  return std::string(code_of(colour)) + std::string(text) + "\033[0m";
}

void print(std::string_view text) {
  bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::ferror(stdout)) throw_system_error("write to standard output");
}

std::string Table::text(bool with_colours) const {
  std::vector<std::size_t> widths(head_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < head_.size(); ++i) widths[i] = std::max(widths[i], columns_of(row.at(i).text));
  }
  std::string result;
  auto add_row = [&](auto cell_at) {
    std::string line;
    std::size_t column = 0, filled = 0;  // where the cell should begin, and how far the line reaches
    for (std::size_t i = 0; i < head_.size(); ++i) {
      if (widths[i] == 0) continue;
      Cell cell = cell_at(i);
      std::string shown = printable(cell.text);
      if (!shown.empty()) {
        line.append(column - filled, ' ').append(coloured(shown, cell.colour, with_colours));
        filled = column + columns_of(shown);
      }
      column += std::max(widths[i], columns_of(head_[i])) + gap;
    }
    result += line + "\n";
  };
  add_row([&](std::size_t i) { return Cell(head_[i], Colour::bold); });
  for (const auto& row : rows_) add_row([&](std::size_t i) { return row[i]; });
  return result;
}

void print(const Table& table) { print(table.text(colours_on(STDOUT_FILENO))); }

std::string duration_text(Micros duration) {
  if (duration < 0) return "";
  double seconds = static_cast<double>(duration) / 1e6;
  char text[48];
  if (duration < 9'950) {
    std::snprintf(text, sizeof text, "%.1f ms", 1e3 * seconds);
    return text;
  }
  if (seconds < 9.95) {
    std::snprintf(text, sizeof text, seconds < 0.995 ? "%.2f s" : "%.1f s", seconds);
    return text;
  }
  long whole = std::lround(seconds), minutes = whole / 60, hours = minutes / 60;
  if (whole < 60) return std::to_string(whole) + " s";
  if (minutes < 60) return std::to_string(minutes) + " m " + std::to_string(whole % 60) + " s";
  if (hours < 24) return std::to_string(hours) + " h " + std::to_string(minutes % 60) + " m";
  return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
}

std::string shortened(std::string text) {
  constexpr std::size_t most = 80;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string time_text(Micros time) {
  if (time == 0) return "";
  std::time_t seconds = time / 1'000'000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  return text;
}

Table::Cell cell_of(client::RunStatus status) {
  using client::RunStatus;
  Colour colour = status == RunStatus::done      ? Colour::green
                  : status == RunStatus::running ? Colour::blue
                  : status == RunStatus::failed  ? Colour::red
                                                 : Colour::yellow;
  return {std::string(name_of(status)), colour};
}

Table::Cell cell_of(TaskState state) {
  Colour colour = state == TaskState::done      ? Colour::green
                  : state == TaskState::running ? Colour::blue
                  : state == TaskState::failed  ? Colour::red
                                                : Colour::yellow;
  return {std::string(name_of(state)), colour};
}

}  // namespace backlot::cli
