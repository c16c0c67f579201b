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

std::size_t TaskLog::add(AttemptLog& log, std::int64_t task, std::int32_t attempt, Stream stream,
                         std::string_view bytes) {
  LogIndex& index = log.index;
  std::uint64_t kept = index.out_bytes + index.err_bytes;
  std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), cap_ - std::min(cap_, kept)));
  index.dropped_bytes += bytes.size() - take;
  if (take == 0) return 0;
  grown_ = true;
  bytes = bytes.substr(0, take);
  std::uint64_t offset =
      writer_.append(task, attempt, stream == Stream::out ? LogStream::out : LogStream::err, clock_.now(), bytes);
  if (!log.open) index.begin = offset;
  log.open = true;
  index.end = writer_.position();
  (stream == Stream::out ? index.out_bytes : index.err_bytes) += take;
  if (index.first_error < 0 && looks_like_error(bytes)) index.first_error = static_cast<std::int64_t>(offset);
  return take;
}

}  // namespace backlot
