// The command line from its words to its exit code and its text.
#include "backlot/cli/cli.h"

#include <nlohmann/json.hpp>

#include "backlot/base/helper_process.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/client/test_home.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/pickle_layout.h"
#include "backlot/value/tensor.h"

namespace backlot::cli {
namespace {

using client::RunScript;
using client::TestHome;
using Json = nlohmann::json;

struct Outcome {
  int code = 0;
  std::string out, err;
};

/// Runs `backlot words…`.
Outcome run(std::vector<std::string> words) {
  words.insert(words.begin(), "/usr/bin/backlot");
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.code = main(static_cast<int>(argv.size()), argv.data(), {});
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    setenv("BACKLOT_HOME", home.home().root.c_str(), 1);
    home.clock.time = system_clock().now();
    RunScript script(home, "Movies", client::fan_out_graph(), {home.value("limit", std::int64_t{7})}, no_run,
                     {"nightly"});
    pathspec = script.pathspec();
    {
      LogWriter log(system_files(), script.log_folder());
      log.append(1, 0, LogStream::out, 1, "first\nsec");
      log.append(2, 0, LogStream::out, 2, "other\n");
      log.append(1, 0, LogStream::out, 3, "ond\nno newline");
      log.sync();
    }
    script.task("start", "[]",
                {home.value("text", std::string("hi\nthere")), home.value("raw", Bytes{std::byte{0}, std::byte{255}})},
                {}, {16, 141, 1, 0, 0, -1});
    Failure failure;
    failure.message = "division by zero";
    failure.place = "features.cpp:41";
    script.task("compute", "[0]", {home.value("median", 1.5)}, failure);
    script.end(RunState::failed);
  }
  ~CommandLine() override { unsetenv("BACKLOT_HOME"); }

  TestHome home;
  std::string pathspec;
};

TEST_F(CommandLine, list_goes_from_flows_to_artifacts) {
  Outcome runs = run({"list"});
  EXPECT_EQ(runs.code, 0);
  EXPECT_TRUE(has(runs.out, pathspec + "  failed  1/2")) << runs.out;
  EXPECT_FALSE(has(runs.out, "\033")) << "no colours into a pipe";
  EXPECT_TRUE(has(run({"list", "Movies/last"}).out, "compute"));
  EXPECT_TRUE(has(run({"list", "Movies/last/compute"}).out, pathspec + "/compute/2  [0]"));
  EXPECT_TRUE(has(run({"list", "Movies/last/start/1"}).out, "text"));
  EXPECT_EQ(run({"list", "--state", "running"}).out, "");
  EXPECT_EQ(run({"list", "--tag", "nightly", "--json"}).out, run({"list", "--json"}).out);
}

TEST_F(CommandLine, every_listing_has_a_json_twin) {
  for (std::vector<std::string> words : {std::vector<std::string>{"list"},
                                         {"list", "Movies/last"},
                                         {"list", "Movies/last/start"},
                                         {"list", "Movies/last/start/1"},
                                         {"show", "Movies/last"},
                                         {"show", "Movies/last/start"},
                                         {"diff", "Movies/last", "Movies/last"},
                                         {"fsck"},
                                         {"doctor"},
                                         {"gc", "--dry-run"},
                                         {"get", "Movies/last/limit"}}) {
    words.push_back("--json");
    Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_FALSE(Json::parse(outcome.out, nullptr, false).is_discarded()) << outcome.out;
  }
}

TEST_F(CommandLine, get_prints_text_as_it_is_and_the_rest_as_json) {
  EXPECT_EQ(run({"get", "Movies/last/start/text"}).out, "hi\nthere\n");
  EXPECT_EQ(run({"get", "Movies/last/start/text", "--json"}).out, "\"hi\\nthere\"\n");
  EXPECT_EQ(run({"get", "Movies/last/start/raw"}).out, std::string("\0\xff", 2));
  EXPECT_EQ(run({"get", pathspec + "/compute/[0]/median"}).out, "1.5\n");
  std::string file = testing::TempDir() + "got." + std::to_string(getpid());
  EXPECT_EQ(run({"get", "Movies/last/start/raw", "--output", file}).code, 0);
  EXPECT_EQ(std::filesystem::file_size(file), 2u);
  std::filesystem::remove(file);
  EXPECT_EQ(run({"get", "Movies/last/start/text", "-o", "/dev/full"}).code, 1);
}

TEST_F(CommandLine, get_writes_what_an_artifact_is) {
  home.clock.time += 1'000'000;
  RunScript script(home, "Things");
  FolderValue folder;
  folder.add("a.txt", FileValue("a.txt", "a"));
  script.task("start", "[]",
              {home.value("file", FileValue("f.txt", "one\ntwo")),
               home.value("folder", folder),
               home.value("small", Tensor<int>({1, 2, 3, 4}, {2, 2})),
               home.value("large", Tensor(std::vector<double>(5'000, 1))),
               {"pickle", Reference::inlined(TypeTag::pickle, pickle_glue({"T", "r", {}}, 4, {})[0] + "\x80\x05N.")}});
  std::string out = home.home().root + "/out";
  EXPECT_EQ(run({"get", "Things/last/start/file"}).out, "one\ntwo");
  EXPECT_EQ(run({"get", "Things/last/start/small"}).out, "[[1, 2],\n [3, 4]]\n");
  Outcome large = run({"get", "Things/last/start/large"});
  EXPECT_EQ(Json::parse(large.out)["shape"], Json{5'000});
  EXPECT_TRUE(has(large.err, "--output")) << large.err;
  EXPECT_EQ(Json::parse(run({"get", "Things/last/start/pickle"}).out)["repr"], "r");
  EXPECT_EQ(Json::parse(run({"get", "Things/last/start/file", "--json"}).out)["$type"], "file");
  for (auto [name, size] : {std::pair{"file", 7u}, {"small", 144u}, {"large", 40'128u}, {"pickle", 4u}}) {
    EXPECT_EQ(run({"get", std::string("Things/last/start/") + name, "-o", out}).code, 0);
    EXPECT_EQ(std::filesystem::file_size(out), size) << name;
  }
  EXPECT_EQ(run({"get", "Things/last/start/folder", "-o", out}).code, 1) << "a file is there";
  EXPECT_EQ(run({"get", "Things/last/start/folder", "-o", out + "2"}).code, 0);
  EXPECT_EQ(std::filesystem::file_size(out + "2/a.txt"), 1u);
  EXPECT_EQ(run({"get", "Things/last/start/small", "--json", "-o", out}).code, 0);
  EXPECT_TRUE(has(run({"get", "Things/last/start/small", "--json"}).out, "\"data\""));
}

TEST_F(CommandLine, logs_keep_lines_whole) {
  EXPECT_EQ(run({"logs", "Movies/last"}).out, "start/1 first\ncompute/2 other\nstart/1 second\nstart/1 no newline\n");
  EXPECT_EQ(run({"logs", "Movies/last/start/1"}).out, "first\nsecond\nno newline\n");
  Outcome json = run({"logs", "Movies/last", "--json"});
  Json first = Json::parse(json.out.substr(0, json.out.find('\n')));
  EXPECT_EQ(first["text"], "first\nsec");
  EXPECT_EQ(first["step"], "start");
}

TEST_F(CommandLine, show_tells_why_it_failed) {
  Outcome shown = run({"show", "Movies/last"});
  EXPECT_TRUE(has(shown.out, "division by zero (features.cpp:41)")) << shown.out;
  EXPECT_TRUE(has(shown.out, "limit  7")) << shown.out;
}

TEST_F(CommandLine, tags_change) {
  EXPECT_EQ(run({"tag", "Movies/last", "good", "better", "--remove", "nightly"}).code, 0);
  EXPECT_EQ(Json::parse(run({"list", "--json"}).out)[0]["tags"], (Json{"good", "better"}));
  EXPECT_EQ(run({"tag", "Movies/last"}).code, 2);
}

TEST_F(CommandLine, exit_codes_and_messages_say_what_to_do) {
  Outcome outcome = run({"lits"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(has(outcome.err, "did you mean list?")) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  outcome = run({"list", "--jsno"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(has(outcome.err, "did you mean --json?")) << outcome.err;
  EXPECT_EQ(run({"list", "--limit", "many"}).code, 2);
  EXPECT_EQ(run({"show"}).code, 2);
  EXPECT_EQ(run({"show", "a//b"}).code, 2);
  EXPECT_EQ(run({"show", "Movie/last"}).code, 1);
  EXPECT_EQ(run({"cancel", "Movies/last"}).code, 1);
  EXPECT_EQ(run({"gc", "--older-than", "soon"}).code, 2);
  EXPECT_EQ(run({"gc", "--older-than", "99999999999999d"}).code, 2);
  EXPECT_EQ(run({"gc", "--user", "alice", "--all-users"}).code, 2);
  EXPECT_EQ(run({"graph", "Movies", "--format", "png"}).code, 2);
  EXPECT_EQ(run({}).code, 2);
  EXPECT_EQ(run({"--help"}).code, 0);
}

TEST_F(CommandLine, gc_tells_what_of_other_users_stays) {
  setenv("BACKLOT_USER", "somebody else", 1);
  Outcome own = run({"gc", "--keep-newest", "0", "--dry-run"});
  Outcome all = run({"gc", "--keep-newest", "0", "--dry-run", "--all-users"});
  unsetenv("BACKLOT_USER");
  EXPECT_TRUE(has(own.out, "would remove 0 runs")) << own.out;
  EXPECT_TRUE(has(own.out, "kept 1 run of other users; --user NAME or --all-users removes them, too")) << own.out;
  EXPECT_TRUE(has(all.out, "would remove 1 run")) << all.out;
  EXPECT_FALSE(has(all.out, "other users")) << all.out;
}

TEST_F(CommandLine, fsck_fails_when_something_is_wrong) {
  EXPECT_EQ(run({"fsck", "--verify"}).code, 0);
  std::filesystem::remove_all(home.home().log("Movies", std::stoll(pathspec.substr(7))));
  EXPECT_EQ(run({"fsck"}).code, 1);
}

TEST_F(CommandLine, every_verb_has_help) {
  for (const Verb* verb : verb_table()) {
    Outcome outcome = run({std::string(verb->name), "--help"});
    EXPECT_EQ(outcome.code, 0) << verb->name;
    EXPECT_TRUE(has(outcome.out, std::string(verb->help))) << verb->name;
  }
}

TEST_F(CommandLine, run_without_a_flow_needs_a_program) {
  Outcome outcome = run({"run"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(has(outcome.err, "needs the program of a flow")) << outcome.err;
  EXPECT_TRUE(has(run({"run", "--help"}).out, "`backlot run PROGRAM --help`"));
  EXPECT_EQ(run({"run", "./no_such_program"}).code, 1);
  EXPECT_EQ(run({"resume", "flow.py"}).code, 1);
}

TEST_F(CommandLine, completion_goes_one_part_further) {
  EXPECT_TRUE(has(run({"__complete", "--", "li"}).out, "list\n"));
  EXPECT_TRUE(has(run({"__complete", "--", "list", "--"}).out, "--limit\n"));
  EXPECT_EQ(run({"__complete", "--", "show", "Mo"}).out, "Movies/\n");
  EXPECT_EQ(run({"__complete", "--", "show", "Movies/"}).out, "Movies/last\n" + pathspec + "\n");
  EXPECT_EQ(run({"__complete", "--", "show", "Movies/last/"}).out, "Movies/last/start\nMovies/last/compute\n");
  EXPECT_EQ(run({"__complete", "--", "get", "Movies/last/compute/2/"}).out, "Movies/last/compute/2/median\n");
  for (std::string shell : {"bash", "zsh"}) {
    std::string check = "command -v " + shell + " >/dev/null || exit 0; exec " + shell + " -n";
    HelperResult checked = run_helper({"sh", "-c", check}, run({"completion", shell}).out, std::chrono::seconds(20));
    EXPECT_EQ(checked.exit_code, 0) << shell << checked.err;
  }
}

TEST(Table, lines_up_and_leaves_out_what_is_empty) {
  Table table({"A", "EMPTY", "B"});
  table.add({"x", "", {"y\n", Colour::red}});
  table.add({"länger", "", "z"});
  EXPECT_EQ(table.text(false), "A       B\nx       y?\nlänger  z\n");
  EXPECT_TRUE(has(table.text(true), "x       \033[31my?\033[0m\n"));
}

TEST(Terminal, durations_read_well) {
  EXPECT_EQ(duration_text(1'500), "1.5 ms");
  EXPECT_EQ(duration_text(90'000), "0.09 s");
  EXPECT_EQ(duration_text(1'500'000), "1.5 s");
  EXPECT_EQ(duration_text(59'600'000), "1 m 0 s");
  EXPECT_EQ(duration_text(3'600'000'000), "1 h 0 m");
  EXPECT_EQ(duration_text(90'000'000'000), "1 d 1 h");
  EXPECT_EQ(duration_text(-1), "");
}

}  // namespace
}  // namespace backlot::cli
