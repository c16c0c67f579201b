#include "backlot/verbs/log_lines.h"

namespace backlot::verbs {
namespace {

constexpr std::size_t longest_line = 1 << 20;

}  // namespace

void LogLines::add(const LogPiece& piece) {
  Open& line = open_[{piece.task, piece.attempt, piece.stream}];
  auto begin = [&] { line.time = piece.time; };
  if (line.text.empty()) {
    line.step = piece.step;
    line.task = piece.task;
    line.stream = piece.stream;
    begin();
  }
  if (piece.gap) {
    if (!line.text.empty()) emit(line);
    emit_({line.step, line.task, piece.time, line.stream, text_of(*piece.gap), true});
    return;
  }
  std::string_view rest = piece.bytes;
  for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    line.text += rest.substr(0, end);
    emit(line);
    begin();
  }
  line.text += rest;
  if (line.text.size() > longest_line) emit(line);
}

void LogLines::finish() {
  for (auto& [key, line] : open_)
    if (!line.text.empty()) emit(line);
}

void LogLines::emit(Open& line) {
  emit_({line.step, line.task, line.time, line.stream, line.text, false});
  line.text.clear();
}

}  // namespace backlot::verbs
