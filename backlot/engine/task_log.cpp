#include "backlot/engine/task_log.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace backlot {
namespace {

bool looks_like_error(std::string_view bytes) {
  static constexpr std::array<std::string_view, 5> words{"error", "exception", "fatal", "traceback",
                                                         "terminate called"};
  auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return std::search(bytes.begin(), bytes.end(), word.begin(), word.end(), same) != bytes.end();
  });
}

}  // namespace

void TaskLog::add(AttemptLog& log, std::int64_t task, std::int32_t attempt, Stream stream, std::string_view bytes) {
  const LogStream to = stream == Stream::out ? LogStream::out : LogStream::err;
  const std::uint64_t kept = log.index.out_bytes + log.index.err_bytes, half = cap_ - cap_ / 2;
  if (!log.tail && kept + bytes.size() > half) {
    // The first half ends with a whole line: half a number would be another one. Only of a line that began before this
    // piece, and does not end in it, the beginning stays.
    std::string_view rest = bytes.substr(0, half - kept);
    const std::size_t newline = rest.rfind('\n');
    if (newline != rest.npos || !log.in_line[to == LogStream::err]) rest = rest.substr(0, newline + 1);
    write(log, task, attempt, to, clock_.now(), rest);
    bytes.remove_prefix(rest.size());
    log.tail = std::make_unique<LogTail>(files_, folder_, cap_ / 2);
  }
  if (log.tail)
    log.tail->add(to, clock_.now(), bytes);
  else
    write(log, task, attempt, to, clock_.now(), bytes);
}

void TaskLog::end(AttemptLog& log, std::int64_t task, std::int32_t attempt) {
  if (!log.tail) return;
  const auto tail = std::move(log.tail);
  tail->finish();
  for (LogStream stream : {LogStream::out, LogStream::err}) {
    const LogGap& gap = tail->left_out(stream);
    if (gap.bytes == 0) continue;
    log.index.dropped_bytes += gap.bytes;
    place(log, writer_.append_gap(task, attempt, stream, clock_.now(), gap));
  }
  tail->each(
      [&](LogStream stream, Micros time, std::string_view bytes) { write(log, task, attempt, stream, time, bytes); });
}

void TaskLog::write(AttemptLog& log, std::int64_t task, std::int32_t attempt, LogStream stream, Micros time,
                    std::string_view bytes) {
  if (bytes.empty()) return;
  LogIndex& index = log.index;
  const std::uint64_t at = writer_.append(task, attempt, stream, time, bytes);
  place(log, at);
  log.in_line[stream == LogStream::err] = bytes.back() != '\n';
  (stream == LogStream::out ? index.out_bytes : index.err_bytes) += bytes.size();
  if (index.first_error < 0 && looks_like_error(bytes)) index.first_error = static_cast<std::int64_t>(at);
}

void TaskLog::place(AttemptLog& log, std::uint64_t at) {
  grown_ = true;
  if (!std::exchange(log.open, true)) log.index.begin = at;
  log.index.end = writer_.position();
}

}  // namespace backlot
