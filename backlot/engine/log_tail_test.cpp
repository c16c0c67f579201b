#include "backlot/engine/log_tail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "backlot/base/test_memory_files.h"
#include "backlot/engine/task_log.h"

namespace backlot {
namespace {

using Texts = std::map<LogStream, std::string>;

std::uint64_t lines_in(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Lines that are all different, cut anywhere.
class Printer {
 public:
  explicit Printer(std::uint64_t seed) : random_(seed) {}
  std::pair<LogStream, std::string> next(std::size_t most) {
    const LogStream stream = random_() % 3 ? LogStream::out : LogStream::err;
    std::string& left = left_[stream];
    const std::size_t size = 1 + random_() % most;
    while (left.size() < size) left += "line " + std::to_string(++line_) + std::string(random_() % 40, '.') + "\n";
    std::string piece = left.substr(0, size);
    left.erase(0, size);
    written[stream] += piece;
    return {stream, std::move(piece)};
  }
  Texts written;

 private:
  std::mt19937_64 random_;
  Texts left_;
  int line_ = 0;
};

TEST(LogTail, keeps_the_last_of_each_stream_and_counts_the_rest) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    MemoryFiles files;
    const std::uint64_t size = 1 + seed * 37;
    LogTail tail(files, "/scratch", size);
    Printer printer(seed);
    const std::size_t most = seed % 4 == 0 ? 1 : seed % 4 == 1 ? 20 : 3000;
    for (std::size_t written = 0; written < size * (seed % 5);) {
      auto [stream, piece] = printer.next(most);
      tail.add(stream, 5, piece);
      written += piece.size();
    }
    tail.finish();
    Texts kept;
    tail.each([&](LogStream stream, Micros time, std::string_view bytes) {
      EXPECT_EQ(time, 5);
      kept[stream] += bytes;
    });
    EXPECT_LE(kept[LogStream::out].size() + kept[LogStream::err].size(), size);
    std::uint64_t all = 0, left_out = 0;
    for (auto& [stream, text] : printer.written) {
      const LogGap& gap = tail.left_out(stream);
      ASSERT_EQ(gap.bytes + kept[stream].size(), text.size()) << "seed " << seed;
      ASSERT_EQ(kept[stream], text.substr(gap.bytes)) << "seed " << seed;
      EXPECT_EQ(gap.lines, lines_in(std::string_view(text).substr(0, gap.bytes)));
      all += text.size();
      left_out += gap.bytes;
    }
    if (all <= size / 2 && most > 1) { EXPECT_EQ(left_out, 0u) << "seed " << seed; }
    if (all >= size && size > 1000 && most > 100) { EXPECT_GE(all - left_out, size / 3) << "seed " << seed; }
  }
}

TEST(LogTail, memory_stays_bounded_when_both_streams_get_a_byte_in_turn) {
  MemoryFiles files;
  LogTail tail(files, "/scratch", 1 << 20);
  for (int i = 0; i < 1 << 20; ++i) tail.add(i % 2 ? LogStream::out : LogStream::err, 0, "x");
  std::size_t pieces = 0;
  tail.each([&](LogStream, Micros, std::string_view) { ++pieces; });
  EXPECT_LE(pieces, (1u << 20) / 128 + 16);
}

TEST(TaskLog, of_more_than_the_cap_the_first_and_the_last_half_are_kept_with_a_gap_between) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    MemoryFiles files;
    LogWriter writer(files, "/log");
    const std::uint64_t cap = 2 + seed * 331;
    TaskLog log(writer, system_clock(), cap, files, "/scratch");
    AttemptLog attempt;
    Printer printer(seed);
    for (std::uint64_t written = 0; written < cap * (seed % 4);) {
      auto [stream, piece] = printer.next(500);
      log.add(attempt, 3, 1, stream == LogStream::out ? Stream::out : Stream::err, piece);
      written += piece.size();
    }
    log.end(attempt, 3, 1);
    log.flush();
    EXPECT_LE(attempt.index.out_bytes + attempt.index.err_bytes, cap);
    Texts head, rest;
    std::map<LogStream, LogGap> gaps;
    LogReader::Range range;
    range.begin = attempt.index.begin;
    range.end = attempt.index.end;
    const auto outcome = LogReader(files, "/log").each(range, [&](const LogRecord& r) {
      EXPECT_EQ(r.task, 3);
      EXPECT_EQ(r.attempt, 1);
      if (r.gap) gaps[r.stream] = *r.gap;
      (gaps.contains(r.stream) ? rest : head)[r.stream] += r.bytes;
      return true;
    });
    EXPECT_EQ(outcome.damaged, 0u);
    std::uint64_t dropped = 0;
    for (auto& [stream, text] : printer.written) {
      const LogGap gap = gaps.contains(stream) ? gaps[stream] : LogGap{};
      const std::size_t begin = head[stream].size();
      ASSERT_EQ(head[stream], text.substr(0, begin));
      ASSERT_EQ(rest[stream], gap.bytes ? text.substr(begin + gap.bytes) : "");
      ASSERT_EQ(begin + gap.bytes + rest[stream].size(), text.size());
      EXPECT_EQ(gap.lines, lines_in(std::string_view(text).substr(begin, gap.bytes)));
      dropped += gap.bytes;
    }
    EXPECT_EQ(attempt.index.dropped_bytes, dropped);
  }
}

}  // namespace
}  // namespace backlot
