#include "backlot/server/log_window.h"

#include <clocale>
#include <cwctype>

#include <algorithm>
#include <deque>
#include <map>

#include "backlot/value/utf8.h"

namespace backlot::server {
namespace {

constexpr std::size_t record_head = 32;          // docs/formats/logs.md
constexpr std::size_t longest_line = 256 << 10;  // longer ones are cut
constexpr std::size_t most_segments_back = 4;    // that one look backwards goes through

/// Of a progress bar that draws its line anew, only what stands last is kept: bars write megabytes without a newline.
void drop_what_was_redrawn(std::string& text) {
  std::size_t end = text.ends_with('\r') ? text.size() - 1 : text.size();
  std::size_t last = end ? text.rfind('\r', end - 1) : std::string::npos;
  if (last != std::string::npos) text.erase(0, last + 1);
}

/// Bytes at the end that begin a character and do not end it.
std::size_t begun_character(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    auto c = static_cast<unsigned char>(text[text.size() - back]);
    if ((c & 0xc0U) == 0x80U) continue;
    std::size_t size = c >= 0xf0U ? 4 : c >= 0xe0U ? 3 : c >= 0xc0U ? 2 : 1;
    return size > back ? back : 0;
  }
  return 0;
}

/// Makes lines of records. A line belongs to the record in which it begins.
class Lines {
 public:
  /// The lines that the record completes.
  std::vector<LogLine> add(const LogRecord& record) {
    std::vector<LogLine> complete;
    LogLine& open = open_[{record.attempt, record.stream}];
    if (record.gap) {
      if (!open.text.empty()) complete.push_back(std::move(open));
      open = {};
      complete.push_back({record.position, record.time, record.stream, record.attempt, text_of(*record.gap), false,
                          false, record.gap});
      return complete;
    }
    std::string_view rest = record.bytes;
    while (!rest.empty()) {
      if (open.text.empty() && !open.cut) {
        std::size_t offset = record.bytes.size() - rest.size();
        open = {};
        open.position = record.position + (offset ? record_head + offset : 0);
        open.time = record.time;
        open.stream = record.stream;
        open.attempt = record.attempt;
      }
      std::size_t newline = rest.find('\n');
      open.text += rest.substr(0, newline);
      drop_what_was_redrawn(open.text);
      rest.remove_prefix(newline == rest.npos ? rest.size() : newline + 1);
      bool too_long = newline == rest.npos && open.text.size() > longest_line;
      if (newline == std::string_view::npos && !too_long) break;
      bool goes_on = newline == std::string_view::npos;
      open.cut = open.cut || goes_on;
      complete.push_back(std::exchange(open, LogLine{}));
      complete.back().open = goes_on;
      complete.back().text = repaired_utf8(complete.back().text);
      open_[{record.attempt, record.stream}].cut = goes_on;
    }
    return complete;
  }
  /// No line is open: what comes next begins a new one.
  bool is_clean() const {
    return std::all_of(open_.begin(), open_.end(), [](const auto& o) { return o.second.text.empty(); });
  }
  /// An open line ends within a character: what was read last should be read again, with more.
  bool is_within_character() const {
    return std::any_of(open_.begin(), open_.end(), [](const auto& o) { return begun_character(o.second.text) > 0; });
  }
  /// What has no newline yet; `cut`: it goes on in what was not read.
  std::vector<LogLine> take_open(bool cut) {
    std::vector<LogLine> left;
    for (auto& [key, line] : open_) {
      if (line.text.empty()) continue;
      line.cut = line.cut || cut;
      line.open = true;
      line.text = repaired_utf8(line.text);
      left.push_back(std::move(line));
    }
    open_.clear();
    std::sort(left.begin(), left.end(), [](const LogLine& a, const LogLine& b) { return a.position < b.position; });
    return left;
  }

 private:
  std::map<std::pair<std::int32_t, LogStream>, LogLine> open_;
};

bool is_chosen(const LogRecord& record, const LogSelection& selection) {
  return !selection.stream || *selection.stream == record.stream;
}

void append_lines(std::vector<LogLine>& to, std::vector<LogLine> lines) {
  to.insert(to.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

/// By their beginnings, whichever ended first.
void in_order(std::vector<LogLine>& lines) {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const LogLine& a, const LogLine& b) { return a.position < b.position; });
}

/// A record's worth of lines, while looking backwards.
struct Piece {
  std::uint64_t begin = 0;
  std::size_t bytes = 0;
  bool clean = false;  ///< no line was open before it
  std::vector<LogLine> lines;
};

/// The locale whose letters are those of Unicode.
locale_t unicode() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

/// Adds the character that begins at `at`, in lower case; returns its length.
std::size_t add_lower(std::string& to, std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t size = byte(at) < 0xc0U ? 1 : byte(at) < 0xe0U ? 2 : byte(at) < 0xf0U ? 3 : 4;
  size = std::min(size, text.size() - at);
  char32_t c = size == 1 ? byte(at) : byte(at) & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) c = c << 6U | (byte(at + i) & 0x3fU);
  auto small = static_cast<char32_t>(unicode() ? towlower_l(static_cast<wint_t>(c), unicode()) : towlower(c));
  if (small < 0x80U) {
    to += static_cast<char>(small);
    return size;
  }
  std::size_t length = small < 0x800U ? 2 : small < 0x10000U ? 3 : 4;
  to += static_cast<char>((0xf00U >> length & 0xffU) | small >> (6 * (length - 1)));
  for (std::size_t i = length - 1; i-- > 0;) to += static_cast<char>(0x80U | (small >> (6 * i) & 0x3fU));
  return size;
}

/// Without the sequences that colour a terminal (ECMA-48 CSI), in lower case. `text` is UTF-8.
std::string plain_lower(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      for (i += 2; i < text.size() && (text[i] < '@' || text[i] > '~');) ++i;
      ++i;
    } else if (static_cast<unsigned char>(text[i]) < 0x80U) {
      char c = text[i++];
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    } else {
      i += add_lower(plain, text, i);
    }
  }
  return plain;
}

}  // namespace

LogWindow window_from(const client::Task& task, const LogSelection& selection, std::uint64_t from, std::size_t bytes) {
  auto place = task.log_place(selection.attempt);
  if (!place) return {from, from, true, true, {}, 0};
  LogReader::Range range = place->range;
  const bool at_begin = from <= range.begin;
  range.begin = std::max(from, range.begin);
  for (;;) {
    LogWindow window;
    window.at_begin = at_begin;
    window.begin = range.begin;
    Lines lines;
    std::size_t size = 0;
    std::optional<std::uint64_t> within;  // the record from which on a line ends within a character
    bool full = false;
    auto outcome = place->reader.each(range, [&](const LogRecord& record) {
      if (!is_chosen(record, selection)) return true;
      append_lines(window.lines, lines.add(record));
      if (!lines.is_within_character()) {
        within.reset();
      } else if (!within) {
        within = record.position;
      }
      size += record.bytes.size();
      full = size >= bytes && (lines.is_clean() || size >= 2 * bytes);
      return !full;
    });
    if (within && *within > range.begin) {  // the rest of the character comes with what is read next
      range.end = *within;
      continue;
    }
    append_lines(window.lines, lines.take_open(full));
    in_order(window.lines);
    window.end = std::max(outcome.end, window.begin);
    window.at_end = !full && range.end == place->range.end;
    window.damaged = outcome.damaged;
    return window;
  }
}

LogWindow window_before(const client::Task& task, const LogSelection& selection, std::optional<std::uint64_t> before,
                        std::size_t bytes) {
  auto place = task.log_place(selection.attempt);
  if (!place) return {0, 0, true, true, {}, 0};
  LogReader::Range range = place->range;
  const std::uint64_t first = range.begin;
  if (before) range.end = std::min(range.end, *before);
  std::uint64_t end = before ? range.end : std::min(range.end, place->reader.end());
  LogWindow window;
  window.at_end = !before || *before >= place->range.end;
  // From the beginning of a segment forward to `end`, keeping the last pieces; from an earlier one when that was
  // little.
  std::uint64_t start = end > bytes ? end - bytes : 0;
  for (std::size_t back = 0;; ++back) {
    start = std::max(first, place->reader.segment_of(start));
    range.begin = start;
    std::deque<Piece> pieces;
    std::size_t size = 0;
    Lines lines;
    auto outcome = place->reader.each(range, [&](const LogRecord& record) {
      if (!is_chosen(record, selection)) return true;
      Piece piece{record.position, record.bytes.size(), lines.is_clean(), {}};
      piece.lines = lines.add(record);
      size += piece.bytes;
      pieces.push_back(std::move(piece));
      while (size - pieces.front().bytes >= bytes && (pieces[1].clean || size >= bytes + bytes / 4)) {
        size -= pieces.front().bytes;
        pieces.pop_front();
      }
      return true;
    });
    bool enough = size >= bytes || start <= first || back == most_segments_back;
    if (!enough) {
      start = start ? start - 1 : 0;
      continue;
    }
    for (Piece& piece : pieces) append_lines(window.lines, std::move(piece.lines));
    append_lines(window.lines, lines.take_open(!window.at_end));
    in_order(window.lines);
    bool dropped = !pieces.empty() && pieces.front().begin > first && size >= bytes;
    window.begin = dropped ? pieces.front().begin : start;
    window.at_begin = window.begin <= first;
    window.end = std::max(outcome.end, window.begin);
    window.damaged = outcome.damaged;
    return window;
  }
}

LogMatches search_log(const client::Task& task, const LogSelection& selection, std::uint64_t from,
                      std::string_view text, std::size_t most, std::uint64_t budget) {
  LogMatches found;
  auto place = task.log_place(selection.attempt);
  if (!place || text.empty()) return found;
  LogReader::Range range = place->range;
  range.begin = std::max(from, range.begin);
  const std::string wanted = plain_lower(repaired_utf8(text));
  Lines lines;
  auto keep = [&](std::vector<LogLine> complete) {
    for (LogLine& line : complete)
      if (!line.gap && plain_lower(line.text).find(wanted) != std::string::npos) found.lines.push_back(std::move(line));
  };
  bool stopped = false;
  auto outcome = place->reader.each(range, [&](const LogRecord& record) {
    if (is_chosen(record, selection)) keep(lines.add(record));
    stopped = found.lines.size() >= most || (record.end - range.begin >= budget && lines.is_clean());
    return !stopped;
  });
  keep(lines.take_open(stopped));
  if (stopped) found.next = outcome.end;
  return found;
}

}  // namespace backlot::server
