// Backups of a home that is in use, brought up to date, and homes made of them.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class Backup : public testing::Test {
 protected:
  Ended backlot(std::vector<std::string> words, const std::string& where = {}) {
    words.insert(words.begin(), "backlot");
    return run(words, where.empty() ? home.path() : where);
  }
  std::string copy() const { return place.path() + "/copy"; }
  std::string restored() const { return place.path() + "/restored"; }
  TempFolder home, place;
};

TEST_F(Backup, is_a_home_and_is_brought_up_to_date) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  Ended first = backlot({"backup", copy()});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(backlot({"fsck", "--verify"}, copy()).code, 0);
  ASSERT_EQ(run({"steady", "run", "-q", "--width", "7"}, home.path()).code, 0);
  Ended second = backlot({"backup", copy(), "--json"});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_PRED2(contains, second.out, "\"runs\": 2");
  EXPECT_PRED2(contains, backlot({"backup", copy()}).out, " 0 of them copied now");

  EXPECT_EQ(backlot({"restore", copy()}, restored()).code, 0);
  EXPECT_EQ(backlot({"fsck", "--verify"}, restored()).code, 0);
  for (const char* value : {"Steady/last/end/sum", "Steady/last/end/width"})
    EXPECT_EQ(backlot({"get", value}, restored()).out, backlot({"get", value}).out);
  EXPECT_EQ(backlot({"logs", "Steady/last", "spread"}, restored()).out, backlot({"logs", "Steady/last", "spread"}).out);
  EXPECT_EQ(backlot({"restore", copy()}, restored()).code, 2) << "there is a home already";
}

TEST_F(Backup, never_takes_the_place_of_what_this_home_does_not_have) {
  TempFolder other;
  ASSERT_EQ(run({"steady", "run", "-q", "--width", "3"}, home.path()).code, 0);
  ASSERT_EQ(run({"steady", "run", "-q", "--width", "3"}, other.path()).code, 0);
  ASSERT_EQ(backlot({"backup", copy()}).code, 0);
  Ended foreign = backlot({"backup", copy()}, other.path());
  EXPECT_EQ(foreign.code, 2);
  EXPECT_PRED2(contains, foreign.err, "a backup of another home");
  ASSERT_EQ(backlot({"gc", "--keep-newest", "0"}).code, 0);
  EXPECT_EQ(backlot({"backup", copy()}).code, 0) << "a run that was removed here may go there";
  ASSERT_EQ(run({"steady", "run", "-q", "--width", "3"}, copy()).code, 0);
  Ended used = backlot({"backup", copy()});
  EXPECT_EQ(used.code, 2);
  EXPECT_PRED2(contains, used.err, "which this home never had");
  EXPECT_PRED2(contains, backlot({"list"}, copy()).out, "Steady");
  EXPECT_EQ(backlot({"list"}, restored()).code, 0) << "this makes a catalog without runs";
  EXPECT_EQ(backlot({"restore", copy()}, restored()).code, 0);
  EXPECT_PRED2(contains, backlot({"list"}, restored()).out, "Steady");
}

TEST_F(Backup, of_a_run_that_goes_on_is_lost_and_resumed) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  const std::string sum = backlot({"get", "Steady/last/end/sum"}).out;
  ChildProgram steady({"steady", "run", "-q", "--pause-ms", "500"}, home.path());
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    EXPECT_EQ(backlot({"gc", "--trash-age", "0s"}).code, 0);
    Ended copied = backlot({"backup", copy()});
    EXPECT_EQ(copied.code, 0) << copied.out << copied.err;
    Ended checked = backlot({"fsck", "--verify"}, copy());
    EXPECT_EQ(checked.code, 0) << checked.out;
    if (i != 1) continue;
    EXPECT_PRED2(contains, copied.out, "1 run going on");
    EXPECT_EQ(backlot({"restore", copy()}, restored()).code, 0);
    EXPECT_PRED2(contains, backlot({"list"}, restored()).out, "lost");
    Ended resumed = run({"steady", "resume"}, restored());
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_PRED2(contains, resumed.err, "tasks were kept from");
    EXPECT_EQ(backlot({"get", "Steady/last/end/sum"}, restored()).out, sum);
  }
  EXPECT_EQ(steady.wait().code, 0);
}

TEST_F(Backup, names_what_is_missing_and_refuses_other_folders) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  EXPECT_EQ(backlot({"backup", home.path() + "/inside"}).code, 2);
  std::filesystem::create_directory(copy());
  std::ofstream(copy() + "/letter.txt").put('x');
  EXPECT_EQ(backlot({"backup", copy()}).code, 2);
  EXPECT_EQ(backlot({"restore", copy()}, restored()).code, 2);
  std::filesystem::remove(copy() + "/letter.txt");
  std::filesystem::path blob;
  for (auto& entry : std::filesystem::recursive_directory_iterator(home.path() + "/store/blobs"))
    if (entry.is_regular_file()) blob = entry.path();
  std::filesystem::remove(blob);
  Ended copied = backlot({"backup", copy()});
  EXPECT_EQ(copied.code, 1);
  EXPECT_PRED2(contains, copied.out, blob.filename().string());
}

}  // namespace
}  // namespace backlot::e2e
