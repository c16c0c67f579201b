// What one sees of a run: on a terminal, in a pipe, with --quiet and with --json.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/e2e/child_program.h"
#include "tests/e2e/pseudo_terminal.h"

namespace backlot::e2e {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class Progress : public testing::Test {
 protected:
  TempFolder home;
};

TEST_F(Progress, is_one_line_of_the_terminal_that_is_kept_up_to_date) {
  TerminalProgram program({"chaos", "run", "Chaos", "--max-workers", "1", "--items", "ok", "--items", "sleep:2.5"},
                          home.path(), 100);
  const Screen& screen = program.screen();
  auto status = [&] { return screen.lines().back(); };
  EXPECT_TRUE(program.until([&] { return contains(status(), "▏ 1/2"); })) << status();
  EXPECT_TRUE(program.until([&] { return contains(status(), "▏ 1/2   ") && status().ends_with(" s"); })) << status();
  EXPECT_EQ(screen.lines().size(), 1u) << "nothing was printed yet";
  EXPECT_EQ(program.finish(), 0);

  EXPECT_EQ(screen.surprises(), "") << "nothing is cleared but to the end of the line";
  EXPECT_FALSE(contains(program.bytes(), "\r\033[K\r")) << "a line that is erased before it is redrawn flickers";
  ASSERT_EQ(screen.lines().size(), 4u);
  EXPECT_EQ(screen.lines()[0], "end │ 1 x did ok");
  EXPECT_EQ(screen.lines()[1], "end │ 1 x did sleep:2.5");
  EXPECT_PRED2(contains, screen.lines()[2], "   start ✓   work ▕██████████▏ 2/2   collect ✓   end ✓   ");
  EXPECT_EQ(screen.lines()[3], "");
  EXPECT_EQ(screen.cursor_column(), 0u) << "where the shell goes on";
}

TEST_F(Progress, follows_the_width_of_the_terminal) {
  TerminalProgram program({"chaos", "run", "Chaos", "--max-workers", "1", "--items", "ok", "--items", "sleep:60"},
                          home.path(), 100);
  auto status = [&] { return program.screen().lines().back(); };
  EXPECT_TRUE(program.until([&] { return contains(status(), "start ✓   work"); }));
  program.resize(60);
  EXPECT_TRUE(program.until([&] { return characters(status()) < 60 && contains(status(), "…   work ▕█████"); }))
      << status();
  program.resize(36);
  EXPECT_TRUE(program.until([&] { return characters(status()) < 36 && contains(status(), "…   work"); })) << status();
  program.resize(100);
  EXPECT_TRUE(program.until([&] { return contains(status(), "start ✓   work ▕█████░░░░░▏ 1/2"); })) << status();
  EXPECT_EQ(program.screen().lines().size(), 1u);
}

TEST_F(Progress, tells_failures_above_the_line) {
  TerminalProgram program({"chaos", "run", "Retried", "--max-workers", "1", "--items", "flaky:1", "--items", "throw"},
                          home.path(), 100);
  EXPECT_EQ(program.finish(), 1);
  const std::vector<std::string>& lines = program.screen().lines();
  auto has_line = [&](const std::string& part) {
    return std::count_if(lines.begin(), lines.end(), [&](auto& line) { return contains(line, part); });
  };
  EXPECT_EQ(has_line("✗ work/[0] attempt 0: std::runtime_error: flaky"), 1);
  EXPECT_EQ(has_line("✗ work/[1] attempt 1: std::runtime_error: thrown on demand; trying again in 0.1 s"), 1);
  EXPECT_EQ(has_line("work ▕█████░░░░░▏ 1/2 1 ✗   "), 1) << "the last state stays";
  EXPECT_EQ(has_line("failed; go on with `resume`"), 1);
  EXPECT_EQ(program.screen().surprises(), "");
}

TEST_F(Progress, is_plain_lines_in_a_pipe) {
  Ended end =
      run({"chaos", "run", "Chaos", "--max-workers", "1", "--items", "ok", "--items", "sleep:0.1"}, home.path());
  EXPECT_EQ(end.out, "1 x did ok\n1 x did sleep:0.1\n");
  EXPECT_EQ(end.err.find_first_of("\r\033"), std::string::npos);
  std::vector<std::string> lines = lines_of(end.err);
  ASSERT_EQ(lines.size(), 6u) << end.err;
  EXPECT_TRUE(lines[0].starts_with("Chaos/"));
  lines[0].clear();
  EXPECT_TRUE(lines[5].starts_with("Chaos/"));
  lines.pop_back();
  EXPECT_EQ(lines, (std::vector<std::string>{"", "  start ✓ 1", "  work ✓ 2", "  collect ✓ 1", "  end ✓ 1"}));
}

TEST_F(Progress, leaves_what_tasks_print_as_it_is) {
  Ended end = run({"corners", "run", "Talking"}, home.path());
  EXPECT_EQ(end.out, "one line\n\xff no end\n");
}

TEST_F(Progress, is_nothing_with_quiet) {
  TerminalProgram program({"chaos", "run", "Chaos", "--quiet", "--items", "ok"}, home.path(), 100);
  EXPECT_EQ(program.finish(), 0);
  EXPECT_EQ(program.bytes(), "");
  Ended failed = run({"chaos", "run", "Chaos", "--quiet", "--items", "throw"}, home.path());
  EXPECT_EQ(failed.out, "");
  EXPECT_PRED2(contains, failed.err, "thrown on demand");
}

TEST_F(Progress, is_one_json_object_a_line_with_json) {
  std::string events, printed;
  for (auto& words : std::vector<std::vector<std::string>>{
           {"corners", "run", "Talking", "--json"},
           {"chaos", "run", "Caught", "--json", "--items", "throw", "--items", "ok"}}) {
    Ended end = run(words, home.path());
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.err, "");
    std::vector<std::string> lines = lines_of(end.out);
    for (const std::string& line : lines) {
      auto event = nlohmann::json::parse(line, nullptr, false);
      ASSERT_TRUE(event.is_object()) << line;
      events += event.at("event").get<std::string>() + " ";
      if (event["event"] == "output" && event["step"] == "start") printed += event["text"].get<std::string>();
    }
    EXPECT_EQ(nlohmann::json::parse(lines.front())["event"], "run");
    EXPECT_EQ(nlohmann::json::parse(lines.back())["event"], "end");
  }
  EXPECT_EQ(printed, "one line\n\uFFFD no end");
  for (const char* kind : {"started", "done", "fan", "retrying", "caught"}) EXPECT_PRED2(contains, events, kind);
}

}  // namespace
}  // namespace backlot::e2e
