// One task once more by itself, and old runs with the program they ran with.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class Again : public testing::Test {
 protected:
  Ended backlot(std::vector<std::string> words) {
    words.insert(words.begin(), "backlot");
    return run(words, home.path());
  }
  TempFolder home;
};

TEST_F(Again, spin_gives_a_task_the_inputs_it_had) {
  ASSERT_EQ(run({"corners", "run", "Ranged", "--width", "20"}, home.path()).code, 0);
  std::string before = backlot({"list", "--json"}).out;

  Ended item = run({"corners", "spin", "Ranged/last/work/[7]", "--json"}, home.path());
  EXPECT_EQ(item.code, 0) << item.err;
  EXPECT_NE(item.out.find("\"value\": 7"), std::string::npos) << item.out;
  Ended join = run({"corners", "spin", "Ranged", "join"}, home.path());
  EXPECT_EQ(join.code, 0) << join.err;
  EXPECT_NE(join.out.find("190"), std::string::npos) << join.out;

  EXPECT_EQ(backlot({"list", "--json"}).out, before) << "nothing is recorded";
  EXPECT_EQ(backlot({"fsck", "--verify"}).code, 0);
}

TEST_F(Again, spin_takes_the_task_that_failed) {
  ASSERT_EQ(run({"corners", "run", "Ranged", "--width", "20", "--culprit", "13"}, home.path()).code, 1);
  Ended spun = run({"corners", "spin", "Ranged", "work"}, home.path());
  EXPECT_EQ(spun.code, 1);
  EXPECT_NE(spun.out.find("work[13]: killed by signal 6"), std::string::npos) << spun.out;
  EXPECT_EQ(run({"corners", "spin", "Ranged", "work/"}, home.path()).code, 2);

  Ended join = run({"corners", "spin", "Ranged", "join"}, home.path());
  EXPECT_EQ(join.code, 2);
  EXPECT_NE(join.err.find("did not come as far as join"), std::string::npos) << join.err;
}

TEST_F(Again, spin_gives_a_step_its_environment) {
  ASSERT_EQ(run({"corners", "run", "Guarded"}, home.path()).code, 0);
  Ended spun = run({"corners", "spin", "Guarded", "look"}, home.path());
  EXPECT_EQ(spun.code, 0) << spun.err;
  EXPECT_NE(spun.out.find("\"yes\""), std::string::npos) << spun.out;
}

TEST_F(Again, spin_names_what_is_wrong) {
  EXPECT_EQ(run({"corners", "spin", "Guarded", "look"}, home.path()).code, 1) << "there is no run";
  ASSERT_EQ(run({"corners", "run", "Guarded"}, home.path()).code, 0);
  Ended mistyped = run({"corners", "spin", "Guarded", "lok"}, home.path());
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_NE(mistyped.err.find("did you mean look?"), std::string::npos) << mistyped.err;
  EXPECT_EQ(run({"corners", "spin", "Guarded"}, home.path()).code, 2);
  EXPECT_EQ(run({"corners", "spin", "Guarded/last/work/[9]"}, home.path()).code, 2);
  EXPECT_EQ(run({"corners", "spin", "Guarded/last/work/999"}, home.path()).code, 1);
}

/// A copy of the program under a path, with a size and time that others have, too.
void put_program(const std::string& path, const std::string& program) {
  std::filesystem::remove(path);
  std::filesystem::copy(PROGRAMS "/" + program, path);
  const auto sizes = {std::filesystem::file_size(PROGRAMS "/corners"), std::filesystem::file_size(PROGRAMS "/steady")};
  std::filesystem::resize_file(path, std::max(sizes) + 4096);
  std::filesystem::last_write_time(path, std::filesystem::file_time_type() + std::chrono::hours(1));
}

TEST_F(Again, two_programs_of_one_path_size_and_time_are_two) {
  TempFolder place;
  std::string path = place.path() + "/mine";
  put_program(path, "corners");
  ASSERT_EQ(run({path, "run", "Guarded"}, home.path()).code, 0);
  put_program(path, "steady");
  ASSERT_EQ(run({path, "run", "-q", "--width", "2"}, home.path()).code, 0);
  EXPECT_EQ(backlot({"rerun", "Steady/last"}).code, 0);
  EXPECT_EQ(backlot({"rerun", "Guarded/last"}).code, 0);
}

TEST_F(Again, a_program_that_was_replaced_while_it_ran_is_kept) {
  TempFolder place;
  std::string path = place.path() + "/mine";
  std::filesystem::copy(PROGRAMS "/steady", path);
  ChildProgram steady({path, "run", "-q", "--pause-ms", "30"}, home.path());
  const std::string self = "/proc/" + std::to_string(steady.pid()) + "/exe";
  std::error_code gone;
  while (std::filesystem::read_symlink(self, gone) != path) std::this_thread::yield();
  std::filesystem::remove(path);
  std::filesystem::copy(PROGRAMS "/corners", path);
  ASSERT_EQ(steady.wait().code, 0);
  EXPECT_EQ(backlot({"rerun", "Steady/last"}).code, 0);
}

TEST_F(Again, rerun_tells_when_a_library_is_another_one) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer's library wants to be the first";
#endif
  TempFolder place;
  std::string library = place.path() + "/libmine.so";
  ASSERT_EQ(std::system(("echo 'int mine = 1;' | cc -shared -fPIC -xc - -o " + library).c_str()), 0);
  ASSERT_EQ(run({"corners", "run", "Guarded"}, home.path(), {{"LD_PRELOAD", library}}).code, 0);
  EXPECT_EQ(backlot({"rerun", "Guarded/last"}).err.find("libmine"), std::string::npos) << "it is the same";
  ASSERT_EQ(run({"corners", "run", "Guarded"}, home.path(), {{"LD_PRELOAD", library}}).code, 0);
  ASSERT_EQ(std::system(("echo 'int mine = 2;' | cc -shared -fPIC -xc - -o " + library).c_str()), 0);
  EXPECT_PRED2(contains, backlot({"rerun", "Guarded/last"}).err, "libmine.so is not the library");
  ASSERT_EQ(run({"corners", "run", "Guarded"}, home.path(), {{"LD_PRELOAD", library}}).code, 0);
  std::filesystem::remove(library);
  EXPECT_PRED2(contains, backlot({"rerun", "Guarded/last"}).err, "is gone");
}

TEST_F(Again, rerun_needs_no_program_but_the_one_in_the_store) {
  TempFolder place;
  std::string copy = place.path() + "/mine";
  std::filesystem::copy(PROGRAMS "/corners", copy);
  ASSERT_EQ(run({copy, "run", "Ranged", "--width", "30"}, home.path()).code, 0);
  std::filesystem::remove(copy);

  Ended all = backlot({"rerun", "Ranged/last"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(backlot({"get", "Ranged/last/join/sum"}).out, "435\n") << "its parameters are kept";
  EXPECT_EQ(all.err.find("were kept"), std::string::npos) << "all of it ran: " << all.err;
  Ended part = backlot({"rerun", "Ranged/last", "join", "--tag", "again"});
  EXPECT_EQ(part.code, 0) << part.err;
  EXPECT_NE(part.err.find("31 of 32 tasks were kept"), std::string::npos) << part.err;
  EXPECT_NE(backlot({"list", "--json"}).out.find("\"again\""), std::string::npos);

  ASSERT_EQ(backlot({"gc"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(home.path() + "/programs")) << "a cache, which gc empties";
  EXPECT_EQ(backlot({"rerun", "Ranged/last"}).code, 0);
  EXPECT_EQ(backlot({"fsck", "--verify"}).code, 0);
}

TEST_F(Again, floats_that_are_no_numbers_stay_what_they_are) {
  for (auto [word, json] :
       {std::pair("nan", "\"NaN\""), std::pair("inf", "\"Infinity\""), std::pair("-inf", "\"-Infinity\"")}) {
    std::string line = std::string("the limit is ") + word + ", and " + word + " was seen\n";
    Ended broken = run({"corners", "run", "Limited", "--limit", word}, home.path(), {{"BREAK", "1"}});
    ASSERT_EQ(broken.code, 1) << broken.err;
    EXPECT_PRED2(contains, backlot({"show", "Limited/last"}).out, json);
    EXPECT_PRED2(contains, backlot({"show", "Limited/last", "--json"}).out, std::string("\"value\": ") + json);
    Ended resumed = run({"corners", "resume", "Limited"}, home.path());
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_PRED2(contains, resumed.out, line);
    EXPECT_PRED2(contains, backlot({"rerun", "Limited/last"}).out, line);
    EXPECT_EQ(backlot({"get", "Limited/last/start/seen", "--json"}).out, std::string(json) + "\n");
  }
}

}  // namespace
}  // namespace backlot::e2e
