// A program on a terminal of its own, and what one would see there.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace backlot::e2e {

/// The lines of a terminal that is high and wide enough never to scroll or wrap.
class Screen {
 public:
  void show(std::string_view bytes);
  /// Lines from the top, without spaces at their end. The cursor is in the last one.
  const std::vector<std::string>& lines() const { return lines_; }
  std::size_t cursor_column() const { return column_; }
  /// Controls that do more than to return to the line's beginning, erase to its end and choose a colour.
  const std::string& surprises() const { return surprises_; }

 private:
  void put(std::string_view character);
  void control(std::string_view what);
  std::vector<std::string> lines_{""};
  std::vector<std::string> row_;  ///< the last line, by characters
  std::size_t column_ = 0;
  std::string waiting_;  ///< the beginning of a character or control
  std::string surprises_;
};

/// A program whose three streams are one terminal; killed when destroyed.
class TerminalProgram {
 public:
  TerminalProgram(const std::vector<std::string>& words, const std::string& home, unsigned short columns);
  ~TerminalProgram();
  TerminalProgram(const TerminalProgram&) = delete;

  void resize(unsigned short columns);
  /// Takes what it prints until `condition` holds (true), it has ended, or `limit_s` has passed.
  bool until(const std::function<bool()>& condition, double limit_s = 30);
  /// Takes all that it prints; its exit code, -1 when it was killed.
  int finish();

  const Screen& screen() const { return screen_; }
  const std::string& bytes() const { return bytes_; }  ///< all that it printed so far

 private:
  bool take_some();
  pid_t pid_ = 0;
  int terminal_ = -1;
  Screen screen_;
  std::string bytes_;
};

}  // namespace backlot::e2e
