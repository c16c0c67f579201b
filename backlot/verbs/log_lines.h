// What tasks wrote, as whole lines, so that lines of tasks that run at once do not mix.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "backlot/verbs/logs.h"

namespace backlot::verbs {

struct WholeLine {
  const std::string& step;
  std::int64_t task;
  Micros time;  ///< when its first byte was written
  LogStream stream;
  std::string_view text;  ///< without the newline; valid during the call
  bool is_gap;            ///< no line of the task: the text says what is missing here
};

/// Puts pieces together by task, attempt and stream. A line of more than 1 MiB comes as several.
class LogLines {
 public:
  explicit LogLines(std::function<void(const WholeLine&)> emit) : emit_(std::move(emit)) {}
  void add(const LogPiece& piece);
  /// What came without a newline at its end.
  void finish();

 private:
  struct Open {
    std::string step, text;
    std::int64_t task = 0;
    Micros time = 0;
    LogStream stream = LogStream::out;
  };
  void emit(Open& line);

  std::function<void(const WholeLine&)> emit_;
  std::map<std::tuple<std::int64_t, std::int32_t, LogStream>, Open> open_;
};

}  // namespace backlot::verbs
