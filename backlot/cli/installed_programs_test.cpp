#include "backlot/cli/installed_programs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "backlot/base/test_errors.h"

namespace backlot::cli {
namespace {

namespace fs = std::filesystem;

/// A folder of plugins; a program in it leaves a mark when it is run.
class Plugins : public testing::Test {
 protected:
  Plugins() {
    folder_ = fs::path(testing::TempDir()) / ("plugins-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    setenv("BACKLOT_PLUGINS", folder_.c_str(), 1);
  }
  ~Plugins() override {
    unsetenv("BACKLOT_PLUGINS");
    fs::remove_all(folder_);
  }
  void add(const std::string& name, const std::string& description, fs::perms rights = fs::perms::owner_all) {
    std::ofstream(folder_ / ("backlot-" + name + ".json")) << description;
    std::ofstream(folder_ / ("backlot-" + name)) << "#!/bin/sh\ntouch " << (folder_ / "was-run") << "\n";
    fs::permissions(folder_ / ("backlot-" + name), rights);
  }
  static std::string described(int protocol) {
    return R"({"protocol": )" + std::to_string(protocol) + R"(, "help": "counts", "verbs": ["count"], "later": 1})";
  }
  static Domain found(const std::string& name) {
    for (const Domain& domain : InstalledPrograms({}).domains())
      if (domain.name == name) return domain;
    return {};
  }

  fs::path folder_;
};

TEST_F(Plugins, are_listed_and_none_is_run) {
  add("tally", described(domain_protocol));
  add("other", "{");
  EXPECT_EQ(found("tally").help, "counts");
  EXPECT_EQ(found("tally").verbs, std::vector<std::string>{"count"});
  EXPECT_EQ(found("tally").program, folder_ / "backlot-tally");
  EXPECT_EQ(found("tally").trouble, "");
  EXPECT_FALSE(fs::exists(folder_ / "was-run"));
}

TEST_F(Plugins, of_another_protocol_are_told_of_and_refused) {
  add("tally", described(domain_protocol + 1));
  const Domain domain = found("tally");
  EXPECT_NE(domain.trouble.find("protocol 2"), std::string::npos) << domain.trouble;
  EXPECT_EQ(code_from([&] { InstalledPrograms::become(domain, {}); }), ErrorCode::unsupported);
}

TEST_F(Plugins, whose_description_or_program_is_broken_say_so) {
  for (const char* text :
       {"", "{", "[]", R"({"protocol": 1})", R"({"protocol": "1", "help": "x", "verbs": []})",
        R"({"protocol": 1, "help": 2, "verbs": []})", R"({"protocol": 1, "help": "", "verbs": 3})"}) {
    add("tally", text);
    EXPECT_NE(found("tally").trouble.find("backlot-tally.json"), std::string::npos) << text;
  }
  add("tally", described(domain_protocol), fs::perms::owner_read);
  EXPECT_EQ(found("tally").trouble, "there is no program " + (folder_ / "backlot-tally").string());
}

TEST_F(Plugins, are_looked_for_in_whole_paths_alone) {
  add("tally", described(domain_protocol));
  setenv("BACKLOT_PLUGINS", ("plugins:.::" + folder_.string() + "/absent").c_str(), 1);
  const std::string path = std::getenv("PATH");
  const fs::path here = fs::current_path();
  setenv("PATH", folder_.c_str(), 1);
  fs::current_path(folder_);
  EXPECT_EQ(found("tally").name, "");
  fs::current_path(here);
  setenv("PATH", path.c_str(), 1);
}

TEST_F(Plugins, of_one_name_are_taken_from_the_first_folder) {
  add("tally", described(domain_protocol));
  const fs::path second = folder_ / "second";
  fs::create_directories(second);
  std::ofstream(second / "backlot-tally.json") << "{";
  setenv("BACKLOT_PLUGINS", (folder_.string() + ":" + second.string()).c_str(), 1);
  EXPECT_EQ(found("tally").program, folder_ / "backlot-tally");
}

TEST_F(Plugins, have_no_server_unless_it_is_there) {
  EXPECT_EQ(code_from([] { InstalledPrograms({}).become_server({}); }), ErrorCode::not_found);
}

}  // namespace
}  // namespace backlot::cli
