// The table of allowed includes (docs/architecture.md): arrows point down.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace {

using Rooms = std::set<std::string>;

/// What each room may include besides itself. engine sees only the interface headers of store and catalog.
const std::map<std::string, Rooms>& allowed() {
  static const std::map<std::string, Rooms> table = [] {
    std::map<std::string, Rooms> t;
    t["base"] = {};
    t["value"] = {"base"};
    t["flow"] = {"base", "value"};
    t["signals"] = {"base", "value"};  // and so each domain library
    t["store"] = t["catalog"] = {"base", "value"};
    t["engine"] = {"base", "value", "flow", "store", "catalog"};
    t["exec"] = {"base", "value", "flow", "catalog", "engine"};
    t["client"] = {"base", "value", "flow", "store", "catalog"};
    t["verbs"] = {"base", "value", "flow", "store", "catalog", "engine", "exec", "client"};
    t["cli"] = t["verbs"];
    t["cli"].insert({"verbs", "signals"});
    t["sdk"] = t["verbs"];
    t["sdk"].insert({"verbs", "cli"});
    t["python"] = t["server"] = t["cli"];
    t["python"].insert({"sdk", "cli"});
    t["server"].insert({"sdk", "cli"});
    return t;
  }();
  return table;
}

const std::map<std::string, Rooms>& interface_headers_only() {
  static const std::map<std::string, Rooms> table = {
      {"engine", {"store/store.h", "catalog/catalog.h"}},
      {"exec", {"engine/executor.h", "catalog/catalog.h"}},
  };
  return table;
}

std::vector<std::string> violations(const std::string& room, const std::string& file, const std::string& text) {
  std::vector<std::string> found;
  static const std::regex include("#include \"backlot/([a-z_]+)/([a-z_]+\\.h)\"");
  bool is_test = file.ends_with("_test.cpp") || file.ends_with("_fuzz.cpp");
  for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
    std::string target = (*it)[1], header = target + "/" + std::string((*it)[2]);
    if (target == room) continue;
    if (!allowed().at(room).contains(target)) found.push_back(file + " may not include " + header);
    auto only = interface_headers_only().find(room);
    if (is_test || only == interface_headers_only().end()) continue;
    bool guarded = std::any_of(only->second.begin(), only->second.end(),
                               [&](const std::string& h) { return h.starts_with(target + "/"); });
    if (guarded && !only->second.contains(header))
      found.push_back(file + " may include only the interface, not " + header);
  }
  return found;
}

void check_room(const std::string& name, const std::filesystem::path& folder, std::vector<std::string>& found) {
  ASSERT_TRUE(allowed().contains(name)) << name << " is in no line of the table";
  for (auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    for (auto& v : violations(name, file.path().filename(), text)) found.push_back(name + "/" + v);
  }
}

TEST(Includes, point_down) {
  std::vector<std::string> found;
  for (auto& room : std::filesystem::directory_iterator(SOURCE_DIR "/backlot"))
    if (room.is_directory()) check_room(room.path().filename(), room.path(), found);
  check_room("python", SOURCE_DIR "/python/core", found);
  EXPECT_TRUE(found.empty()) << testing::PrintToString(found);
}

TEST(Includes, a_violation_is_found) {
  EXPECT_EQ(violations("base", "x.h", "#include \"backlot/value/reference.h\"\n").size(), 1u);
  EXPECT_EQ(violations("engine", "x.h", "#include \"backlot/store/local_store.h\"\n").size(), 1u);
  EXPECT_EQ(violations("engine", "x.h", "#include \"backlot/store/store.h\"\n").size(), 0u);
}

}  // namespace
