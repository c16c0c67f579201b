#include "backlot/server/log_window.h"

#include <gtest/gtest.h>

#include "backlot/client/test_home.h"

namespace backlot::server {
namespace {

using client::RunScript;
using client::TestHome;

/// A task whose log is written record by record, between those of another.
class LogOfATask : public testing::Test {
 protected:
  void write(std::string_view bytes, LogStream stream = LogStream::out) {
    if (!log_) log_.emplace(system_files(), run_.log_folder(), 4096);
    index_.begin = std::min(index_.begin, log_->append(1, 0, stream, home_.clock.time, bytes));
    (stream == LogStream::out ? index_.out_bytes : index_.err_bytes) += bytes.size();
    index_.end = log_->position();
    log_->append(2, 0, LogStream::out, home_.clock.time, "of another task\n");
  }
  client::Task task() {
    log_->sync();
    std::int64_t number = run_.task("start", "[]", {}, {}, index_);
    return *home_.client().find_run(run_.row().key)->task(number);
  }
  static std::vector<std::string> texts(const std::vector<LogLine>& lines) {
    std::vector<std::string> found;
    for (const LogLine& line : lines) found.push_back(line.text + (line.cut ? "…" : ""));
    return found;
  }

  TestHome home_;
  RunScript run_{home_};
  std::optional<LogWriter> log_;
  LogIndex index_{UINT64_MAX, 0, 0, 0, 0, -1};
};

using Texts = std::vector<std::string>;

TEST_F(LogOfATask, lines_are_joined_over_records_and_streams_kept_apart) {
  write("one\ntw");
  write("err", LogStream::err);
  write("o\nthree");
  write("or\n", LogStream::err);
  LogWindow w = window_from(task(), {}, 0, 1 << 20);
  EXPECT_EQ(texts(w.lines), (Texts{"one", "two", "error", "three"}));
  EXPECT_TRUE(w.at_begin && w.at_end);
  EXPECT_EQ(w.lines[2].stream, LogStream::err);
}

TEST_F(LogOfATask, lines_stand_where_they_began) {
  write("be");
  write("other\n", LogStream::err);
  write("gun\n");
  EXPECT_EQ(texts(window_from(task(), {}, 0, 1 << 20).lines), (Texts{"begun", "other"}));
}

TEST_F(LogOfATask, a_line_without_a_newline_is_open_and_goes_on_in_the_window_behind) {
  write("whole\nhalf");
  LogWindow w = window_from(task(), {}, 0, 1 << 20);
  EXPECT_EQ(texts(w.lines), (Texts{"whole", "half"}));
  EXPECT_FALSE(w.lines[0].open);
  EXPECT_TRUE(w.lines[1].open);
}

TEST_F(LogOfATask, a_progress_bar_is_as_it_was_drawn_last) {
  for (int i = 0; i <= 20000; ++i) write("\r" + std::to_string(i) + " of 20000 " + std::string(20, '='));
  write("\r\nnext\n");
  client::Task t = task();
  const std::string last = "20000 of 20000 " + std::string(20, '=');
  std::vector<LogLine> tail = window_before(t, {}, std::nullopt, 4096).lines;
  ASSERT_GE(tail.size(), 2U);
  EXPECT_EQ(tail[tail.size() - 2].text, last + "\r");
  EXPECT_EQ(tail.back().text, "next");
}

TEST_F(LogOfATask, a_character_is_not_cut_while_its_rest_may_come) {
  write("gr\xc3");
  write("\xbc\xc3\x9f");
  write("e \xe2\x82");
  client::Task t = task();
  LogWindow w = window_from(t, {}, 0, 1 << 20);
  EXPECT_EQ(texts(w.lines), (Texts{"grüß"}));
  EXPECT_TRUE(w.lines[0].open);
  EXPECT_FALSE(w.at_end);
  LogWindow rest = window_from(t, {}, w.end, 1 << 20);
  EXPECT_EQ(rest.lines.size(), 1U) << "alone it is shown, for nothing may come any more";
}

TEST_F(LogOfATask, search_finds_letters_of_any_script_and_case) {
  write("ÄRGER und \x1b[31mСТЕПЬ\x1b[0m\nnothing\n");
  client::Task t = task();
  for (const char* words : {"ärger", "Ärger UND степь", "Степь"})
    EXPECT_EQ(search_log(t, {}, 0, words, 10, 1 << 20).lines.size(), 1U) << words;
  EXPECT_TRUE(search_log(t, {}, 0, "arger", 10, 1 << 20).lines.empty());
}

TEST_F(LogOfATask, forward_and_backward_windows_tile_the_log) {
  Texts all;
  for (int i = 0; i < 500; ++i) {
    all.push_back("line " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 50), '.'));
    write(all.back() + "\n");
  }
  client::Task t = task();
  Texts forward, backward;
  for (std::uint64_t at = 0;;) {
    LogWindow w = window_from(t, {}, at, 700);
    EXPECT_LE(w.lines.size(), 120u);
    for (std::string& text : texts(w.lines)) forward.push_back(std::move(text));
    at = w.end;
    if (w.at_end) break;
  }
  EXPECT_EQ(forward, all);
  for (std::optional<std::uint64_t> before;;) {
    LogWindow w = window_before(t, {}, before, 700);
    Texts here = texts(w.lines);
    backward.insert(backward.begin(), here.begin(), here.end());
    before = w.begin;
    if (w.at_begin) break;
  }
  EXPECT_EQ(backward, all);
}

TEST_F(LogOfATask, a_line_that_goes_on_is_cut_and_whole_in_the_window_behind) {
  write("begin");
  write(" and end\nnext\n");
  client::Task t = task();
  LogWindow w = window_before(t, {}, index_.begin + 40, 100), behind = window_before(t, {}, {}, 1);
  EXPECT_EQ(texts(w.lines), (Texts{"begin…"}));
  EXPECT_EQ(texts(behind.lines), (Texts{"begin and end", "next"}));
  EXPECT_EQ(behind.lines[0].position, w.lines[0].position);
}

TEST_F(LogOfATask, search_finds_lines_in_any_case_and_through_colours) {
  write("nothing\n\x1b[31mDis\x1b[0mk full\nmore\ndisk FULL again\n");
  client::Task t = task();
  LogMatches found = search_log(t, {}, 0, "disk full", 100, 1 << 20);
  ASSERT_EQ(found.lines.size(), 2u);
  EXPECT_FALSE(found.next);
  LogMatches first = search_log(t, {}, 0, "disk", 1, 1 << 20);
  EXPECT_TRUE(first.next);
  EXPECT_TRUE(search_log(t, {}, *first.next, "disk", 10, 1 << 20).lines.empty());  // both were in one record
}

TEST_F(LogOfATask, bytes_that_are_no_text_are_shown_all_the_same) {
  write("bad \xff byte\n");
  EXPECT_EQ(texts(window_from(task(), {}, 0, 100).lines), (Texts{"bad \xef\xbf\xbd byte"}));
}

TEST_F(LogOfATask, a_flood_without_newlines_is_cut) {
  for (int i = 0; i < 4; ++i) write(std::string(200 << 10, 'x'));
  LogWindow w = window_from(task(), {}, 0, 10 << 20);
  EXPECT_GE(w.lines.size(), 2u);
  EXPECT_TRUE(w.lines[0].cut);
}

}  // namespace
}  // namespace backlot::server
