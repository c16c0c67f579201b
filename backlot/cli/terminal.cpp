#include "backlot/cli/terminal.h"

#include <unistd.h>

#include <algorithm>
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

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  }
  return result;
}

/// Characters, taking each code point as one column wide.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

bool colours_on(int descriptor) {
  const char* off = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) && !(off && *off) && kind && std::string_view(kind) != "dumb";
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
    for (std::size_t i = 0; i < head_.size(); ++i) widths[i] = std::max(widths[i], width_of(row.at(i).text));
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
        filled = column + width_of(shown);
      }
      column += std::max(widths[i], width_of(head_[i])) + gap;
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
  long whole = static_cast<long>(seconds + 0.5), minutes = whole / 60, hours = minutes / 60;
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
