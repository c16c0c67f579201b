#include "backlot/home/home.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "backlot/base/error.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

class HomeTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / ("home." + std::to_string(getpid()));
    fs::create_directories(root_ / "project/deep/er");
  }
  void TearDown() override { fs::remove_all(root_); }
  fs::path root_;
};

TEST_F(HomeTest, the_variable_wins_and_may_be_relative) {
  fs::create_directories(root_ / "project/.backlot");
  EXPECT_EQ(find_home({"/x/y/", "/xdg", "/me", root_ / "project"}).root, "/x/y");
  EXPECT_EQ(find_home({"there", "", "", "/work"}).root, "/work/there");
}

TEST_F(HomeTest, the_nearest_folder_upward_is_next) {
  fs::create_directories(root_ / ".backlot");
  EXPECT_EQ(find_home({"", "/xdg", "/me", root_ / "project/deep/er"}).root, root_ / ".backlot");
  fs::create_directories(root_ / "project/.backlot");
  EXPECT_EQ(find_home({"", "/xdg", "/me", root_ / "project/deep/er"}).root, root_ / "project/.backlot");
}

mode_t mode_of(const fs::path& path) {
  struct stat s {};
  return stat(path.c_str(), &s) == 0 ? s.st_mode & 07777 : 0;
}

TEST_F(HomeTest, a_new_one_is_its_owners_alone) {
  const mode_t mask = umask(0);
  make_home({root_ / "made/here"});
  umask(mask);
  EXPECT_EQ(mode_of(root_ / "made/here"), 0700u);
  chmod((root_ / "made/here").c_str(), 0755);
  make_home({root_ / "made/here"});  // what is there stays as it is
  EXPECT_EQ(mode_of(root_ / "made/here"), 0755u);
}

TEST_F(HomeTest, a_new_one_is_a_groups_where_that_is_said) {
  fs::create_directories(root_ / "shared");
  ASSERT_EQ(chmod((root_ / "shared").c_str(), 02775), 0);
  make_home({root_ / "shared/home"});
  EXPECT_EQ(mode_of(root_ / "shared/home"), 02770u);
  setenv("BACKLOT_GROUP", "no-such-group", 1);
  EXPECT_THROW(make_home({root_ / "other"}), Error);
  setenv("BACKLOT_GROUP", getgrgid(getegid())->gr_name, 1);
  make_home({root_ / "named"});
  unsetenv("BACKLOT_GROUP");
  EXPECT_EQ(mode_of(root_ / "named"), 02770u);
}

TEST(Home, then_the_users_data_folder) {
  EXPECT_EQ(find_home({"", "/xdg", "/me", "/proc"}).root, "/xdg/backlot");
  EXPECT_EQ(find_home({"", "", "/me", "/proc"}).root, "/me/.local/share/backlot");
  EXPECT_THROW(find_home({"", "", "", "/proc"}), Error);
}

TEST(Home, knows_its_layout) {
  Home home{"/h"};
  EXPECT_EQ(home.catalog(), "/h/catalog.sqlite");
  EXPECT_EQ(home.log("MovieStats", 7), "/h/runs/MovieStats/7/log");
  EXPECT_EQ(home.lease("MovieStats", 7), "/h/runs/MovieStats/7/lease");
}

}  // namespace
}  // namespace backlot
