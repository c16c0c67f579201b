#include "backlot/base/whole_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "backlot/base/error.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

class WholeFiles : public testing::Test {
 protected:
  WholeFiles() : folder(testing::TempDir() + "whole." + std::to_string(getpid())) { fs::create_directories(folder); }
  ~WholeFiles() override { fs::remove_all(folder); }
  std::string path(const char* name) const { return (folder / name).native(); }
  std::string text(const char* name) const {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder), {}); }
  fs::path folder;
};

ErrorCode code_of_writing(const std::string& path) {
  try {
    WholeFile file(path);
    file.add(std::string(100'000, 'x'));
    file.keep();
  } catch (const Error& e) { return e.code(); }
  return ErrorCode::internal;
}

TEST_F(WholeFiles, replace_what_was_there_at_the_end) {
  std::ofstream(path("a")) << "old";
  std::ofstream(path("a.0.part")) << "somebody's";
  WholeFile file(path("a"));
  file.add("new ");
  file.add("text");
  EXPECT_EQ(text("a"), "old");
  file.keep();
  EXPECT_EQ(text("a"), "new text");
  EXPECT_EQ(text("a.0.part"), "somebody's");
  EXPECT_EQ(files(), 2);
}

TEST_F(WholeFiles, leave_nothing_when_they_are_not_kept) {
  {
    WholeFile file(path("a"));
    file.add("half");
  }
  EXPECT_EQ(files(), 0);
}

TEST_F(WholeFiles, follow_links_and_may_be_executable) {
  std::ofstream(path("a")) << "old";
  fs::create_symlink("a", folder / "link");
  WholeFile file(path("link"));
  file.add("new");
  file.keep(true);
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(text("a"), "new");
  EXPECT_NE(fs::status(folder / "a").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(WholeFiles, write_to_devices_at_once_and_to_no_folder) {
  WholeFile null("/dev/null");
  null.add("x");
  null.keep();
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(code_of_writing("/dev/full"), ErrorCode::no_space);
  EXPECT_EQ(code_of_writing(folder.native()), ErrorCode::exists);
  EXPECT_EQ(code_of_writing(path("missing/a")), ErrorCode::not_found);
}

}  // namespace
}  // namespace backlot
