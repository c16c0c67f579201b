#include "backlot/server/home_trust.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace backlot::server {
namespace {

namespace fs = std::filesystem;

class HomeTrust : public testing::Test {
 protected:
  HomeTrust() {
    std::string form = (fs::temp_directory_path() / "trust_XXXXXX").string();
    folder_ = mkdtemp(form.data());
    home_.root = folder_ + "/home";
    fs::create_directories(home_.store());
    std::ofstream(home_.catalog()) << "x";
    mode(home_.root, 0755);
    mode(home_.store(), 0755);
    mode(home_.catalog(), 0644);
  }
  ~HomeTrust() override { fs::remove_all(folder_); }
  static void mode(const std::string& path, mode_t m) { ASSERT_EQ(chmod(path.c_str(), m), 0); }
  bool refused(bool trusts_group = false) const { return control_trust(home_, trusts_group).refusal.has_value(); }
  std::string folder_;
  Home home_;
};

TEST_F(HomeTrust, a_home_of_ones_own_is_controlled) {
  EXPECT_FALSE(refused());
  EXPECT_EQ(control_trust(home_, false).note, "");
  EXPECT_EQ(control_trust(home_, true).note, "");
}

TEST_F(HomeTrust, what_a_group_may_write_is_refused_unless_it_is_trusted) {
  for (const std::string& place : {home_.root, home_.store(), home_.catalog(), folder_}) {
    struct stat before {};
    stat(place.c_str(), &before);
    mode(place, before.st_mode | S_IWGRP);
    mode(folder_, (place == folder_ ? 0770 : 0700));
    EXPECT_TRUE(refused()) << place;
    ControlTrust trust = control_trust(home_, true);
    EXPECT_FALSE(trust.refusal) << place;
    EXPECT_NE(trust.note.find("code of the group"), std::string::npos) << trust.note;
    mode(place, before.st_mode & 07777);
    EXPECT_FALSE(refused()) << place;
  }
}

TEST_F(HomeTrust, what_a_link_leads_to_is_looked_at_too) {
  const std::string elsewhere = folder_ + "/elsewhere/store";
  fs::create_directories(folder_ + "/elsewhere");
  fs::rename(home_.store(), elsewhere);
  fs::create_symlink(elsewhere, home_.store());
  mode(home_.root, 0700);
  EXPECT_FALSE(refused());
  mode(elsewhere, 0777);
  EXPECT_TRUE(refused(true));
  mode(elsewhere, 0755);
  mode(folder_ + "/elsewhere", 0777);
  EXPECT_TRUE(refused(true)) << "somebody can put another store there";
  mode(folder_ + "/elsewhere", 0755);
  fs::rename(home_.root, folder_ + "/elsewhere/home");
  fs::create_symlink(folder_ + "/elsewhere/home", home_.root);
  EXPECT_FALSE(refused());
  mode(folder_ + "/elsewhere", 0777);
  EXPECT_TRUE(refused(true)) << "above the home itself";
}

TEST_F(HomeTrust, what_everybody_may_write_is_refused_always) {
  mode(home_.catalog(), 0666);
  EXPECT_TRUE(refused());
  EXPECT_TRUE(refused(true));
  mode(home_.root, 0700);  // nobody gets there
  EXPECT_FALSE(refused());
}

TEST_F(HomeTrust, a_home_of_somebody_else_is_refused) {
  if (geteuid() != 0) GTEST_SKIP() << "only the superuser can give files away";
  ASSERT_EQ(chown(home_.root.c_str(), 65534, getegid()), 0);
  EXPECT_TRUE(refused());
  EXPECT_NE(std::string(control_trust(home_, false).refusal->message()).find("nobody"), std::string::npos);
  EXPECT_FALSE(refused(true));
}

TEST_F(HomeTrust, in_a_sticky_folder_nobody_replaces_what_is_ours) {
  mode(folder_, 01777);
  EXPECT_FALSE(refused());
  mode(folder_, 0777);
  EXPECT_TRUE(refused(true));
}

}  // namespace
}  // namespace backlot::server
