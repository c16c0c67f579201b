// The step cache, through real runs: what is the same is not done again, and what differs is.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

class Cache : public testing::Test {
 protected:
  /// How often the cached step was really run.
  int runs_of(std::vector<std::string> options, const std::string& verb = "run") {
    options.insert(options.begin(), {"cached", verb});
    Ended end = run(options, home.path());
    EXPECT_EQ(end.code, 0) << end.err;
    joins = count(end.out, "joined");
    return count(end.out, "worked on");
  }
  std::string total() { return run({"backlot", "get", "Cached/last/join/total"}, home.path()).out; }
  TempFolder home;
  int joins = 0;  ///< how often the cached join was really run, the last time
};

TEST_F(Cache, what_was_read_decides) {
  EXPECT_EQ(runs_of({}), 3);
  EXPECT_EQ(total(), "21012\n");
  EXPECT_EQ(runs_of({}), 0) << "nothing has changed";
  EXPECT_EQ(total(), "21012\n");
  EXPECT_EQ(runs_of({"--items", "[1,5,3]"}), 1) << "one item is another";
  EXPECT_EQ(total(), "21018\n");
  EXPECT_EQ(runs_of({"--factor", "3"}), 3) << "a parameter that it reads is another";
  EXPECT_EQ(total(), "21018\n");
  EXPECT_EQ(runs_of({"--unread", "5"}), 0) << "a parameter that it does not read is another";
}

TEST_F(Cache, a_parameter_file_is_known_by_its_content) {
  TempFolder place;
  std::string path = place.path() + "/addends", elsewhere = place.path() + "/elsewhere";
  auto written = std::filesystem::file_time_type::clock::now();
  auto write = [&](const std::string& to, const std::string& text) {
    std::ofstream(to) << text;
    std::filesystem::last_write_time(to, written);
  };
  write(path, "1");
  EXPECT_EQ(runs_of({"--addends", path}), 3);
  EXPECT_EQ(total(), "21159\n");
  write(elsewhere, "1");
  EXPECT_EQ(runs_of({"--addends", elsewhere}), 0) << "the same content at another path";
  write(path, "2");
  EXPECT_EQ(runs_of({"--addends", path}), 3) << "other content with the same path, size and time";
  EXPECT_EQ(total(), "21162\n");
  write(path, std::string(3 << 20, 'x'));
  EXPECT_EQ(runs_of({"--addends", path}), 3);
  EXPECT_LT(std::filesystem::file_size(home.path() + "/catalog.sqlite"), 1u << 20) << "it lies in the store";
  EXPECT_EQ(runs_of({"--addends", path}), 0);
}

TEST_F(Cache, a_value_that_was_written_in_vain_is_not_forgotten) {
  EXPECT_EQ(runs_of({"--unread", "7"}), 3) << "the step writes what is there already: its manifest does not say so";
  EXPECT_EQ(runs_of({"--unread", "0"}), 3) << "here it would not be there";
  EXPECT_EQ(total(), "21012\n");
}

TEST_F(Cache, items_are_found_wherever_they_stand) {
  EXPECT_EQ(runs_of({}), 3);
  EXPECT_EQ(runs_of({"--items", "[3,1,2]"}), 0);
  EXPECT_EQ(total(), "21012\n");
  EXPECT_EQ(runs_of({"--items", "[9,3,8,1]"}), 2);
  EXPECT_EQ(total(), "28042\n");
}

TEST_F(Cache, a_join_is_kept_while_its_branches_are_the_same) {
  runs_of({});
  EXPECT_EQ(joins, 1);
  EXPECT_EQ(runs_of({"--unread", "5"}), 0) << "what start writes is not what the join sees";
  EXPECT_EQ(joins, 0);
  runs_of({"--factor", "3"});
  EXPECT_EQ(joins, 1) << "what a branch left is another";
  EXPECT_EQ(runs_of({"--items", "[1,2]"}), 0);
  EXPECT_EQ(joins, 1) << "there are fewer branches";
  EXPECT_EQ(runs_of({"--items", "[3,2,1]"}), 0);
  EXPECT_EQ(joins, 1) << "in another order";
  EXPECT_EQ(runs_of({"--items", "[1,2]"}), 0);
  EXPECT_EQ(joins, 0);
  EXPECT_EQ(total(), "14006\n");
}

TEST_F(Cache, a_join_so_wide_that_its_branches_lie_in_a_file_is_kept_too) {
  std::string items = "[0";  // what each leaves takes half a kilobyte in the table, of which 64 stay in memory
  for (int i = 1; i < 300; ++i) items += "," + std::to_string(i);
  items += "]";
  EXPECT_EQ(runs_of({"--items", items}), 300);
  EXPECT_EQ(joins, 1);
  EXPECT_EQ(runs_of({"--items", items}), 0);
  EXPECT_EQ(joins, 0);
}

TEST_F(Cache, clones_and_what_was_taken_over_outlive_the_run_that_did_it) {
  EXPECT_EQ(runs_of({}), 3);
  EXPECT_EQ(runs_of({"join"}, "resume"), 0);
  EXPECT_EQ(joins, 0) << "run again by request, but it would do the same";
  auto forget_older = [&] {
    EXPECT_EQ(run({"backlot", "gc", "--keep-newest", "1", "--trash-age", "0s"}, home.path()).code, 0);
  };
  forget_older();
  EXPECT_EQ(runs_of({}), 0) << "the clones are found";
  forget_older();
  EXPECT_EQ(runs_of({}), 0) << "and what was taken over from them";
  EXPECT_EQ(joins, 0);
  EXPECT_EQ(run({"backlot", "fsck", "--verify"}, home.path()).code, 0);
  Ended logs = run({"backlot", "logs", "Cached/last/work"}, home.path());
  EXPECT_EQ(count(logs.out, "worked on"), 3) << logs.err;
}

TEST_F(Cache, a_kept_result_is_whole) {
  runs_of({});
  runs_of({});
  EXPECT_EQ(run({"backlot", "fsck", "--verify"}, home.path()).code, 0);
  Ended logs = run({"backlot", "logs", "Cached/last/work"}, home.path());
  EXPECT_NE(logs.out.find("worked on 2"), std::string::npos) << "its log is that of the run that did it";
}

}  // namespace
}  // namespace backlot::e2e
