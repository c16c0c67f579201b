// Printing for people: colours where they are wanted, columns that line up, times and durations to read.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/clock.h"
#include "backlot/client/run.h"

namespace backlot::cli {

enum class Colour { none, red, green, yellow, blue, grey, bold };

/// True when standard output (or error) is a terminal that shows colours and NO_COLOR is not set.
bool colours_on(int descriptor);

/// True when it is a terminal that can redraw a line (not TERM=dumb).
bool can_redraw(int descriptor);
/// How wide the terminal is now; 80 when it does not say.
std::size_t terminal_columns(int descriptor);

/// With '?' for control characters.
std::string printable(std::string_view text);
/// Columns on a terminal: two for East Asian wide characters and emoji, one for any other.
std::size_t columns_of(std::string_view text);
/// The longest beginning that fits.
std::string cut_to_columns(std::string_view text, std::size_t columns);

/// The text in a colour, or as it is when `on` is false.
std::string coloured(std::string_view text, Colour colour, bool on);

/// Writes to standard output; throws Error io when that fails, as on a full disk.
void print(std::string_view text);

/// Rows of cells, printed with columns aligned. Control characters in cells are shown as '?'.
class Table {
 public:
  struct Cell {
    Cell(std::string cell_text, Colour cell_colour = Colour::none) : text(std::move(cell_text)), colour(cell_colour) {}
    Cell(const char* cell_text) : text(cell_text) {}
    std::string text;
    Colour colour = Colour::none;
  };

  explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}
  /// As many cells as the head has. An empty column is left out.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  std::string text(bool with_colours) const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<Cell>> rows_;
};

/// On a terminal with colours as they are wanted.
void print(const Table& table);

/// At most 80 bytes of a value's text, cut between characters, with an ellipsis.
std::string shortened(std::string text);
/// "3 runs", "1 run"
std::string counted(std::uint64_t count, std::string_view noun);
/// "1.5 ms", "0.09 s", "12 s", "3 m 20 s", "5 h 12 m", "3 d 4 h"; empty for a time that is not known (negative).
std::string duration_text(Micros duration);
/// "2026-11-24 01:42:07" in the local time zone; empty for 0.
std::string time_text(Micros time);

Table::Cell cell_of(client::RunStatus status);
Table::Cell cell_of(TaskState state);

}  // namespace backlot::cli
