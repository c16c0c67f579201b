#include "backlot/base/home.h"

#include <gtest/gtest.h>
#include <unistd.h>

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
