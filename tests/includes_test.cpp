// The table of allowed includes in docs/architecture.md: arrows point down.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/file_text.h"

namespace {

namespace fs = std::filesystem;

/// For each room, named by its folder from the root, the rooms and headers it may include besides itself. A header with
/// a line of its own is a room alone.
using Table = std::map<std::string, std::set<std::string>>;

/// Rooms of backlot/ are called by their own names in the table.
std::string folder_of(const std::string& name) {
  static const std::string root = SOURCE_DIR "/";
  return fs::exists(root + "backlot/" + name) ? "backlot/" + name : name;
}

Table table_in(const std::string& page) {
  static const std::regex row(R"(\n\| ([a-z0-9_/.]+) \|([^|\n]*)\|[^\n]*)"), quoted("`([^`]+)`");
  const std::size_t begin = page.find("| room | may include |");
  const std::string table = page.substr(begin, page.find("\n\n", begin) - begin);
  Table found;
  for (std::sregex_iterator line(table.begin(), table.end(), row), end; line != end; ++line) {
    std::set<std::string>& may = found[folder_of((*line)[1])];
    const std::string cell = (*line)[2];
    for (std::sregex_iterator name(cell.begin(), cell.end(), quoted); name != end; ++name)
      may.insert(folder_of((*name)[1]));
  }
  return found;
}

const Table& table() {
  static const Table table = table_in(file_text(SOURCE_DIR "/docs/architecture.md"));
  return table;
}

/// The line of the table that a file stands under: its own, or that of the innermost folder which has one. Empty: none.
std::string room_of(const std::string& file) {
  if (table().contains(file)) return file;
  for (fs::path folder = fs::path(file).parent_path(); !folder.empty(); folder = folder.parent_path())
    if (table().contains(folder.string())) return folder.string();
  return {};
}

bool is_test(const std::string& file) { return file.ends_with("_test.cpp") || file.ends_with("_fuzz.cpp"); }

bool may_include(const std::string& file, const std::string& header) {
  const std::string from = room_of(file), to = room_of(header);
  if (from == to) return true;
  const std::set<std::string>& may = table().at(from);
  if (may.contains(to) || may.contains(header)) return true;
  if (!is_test(file)) return false;
  for (const std::string& other : may)
    if (room_of(other) == to) return true;  // a header of that room is allowed
  return false;
}

bool is_ours(const std::string& header) {
  const std::string top = header.substr(0, header.find('/'));
  return header.find('/') != header.npos && (top == "backlot" || !room_of(header).empty());
}

/// What is wrong with the includes of a file. Examples include what is installed, in angle brackets.
std::vector<std::string> violations(const std::string& file, const std::string& text) {
  static const std::regex include(R"re((?:^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])re");
  std::vector<std::string> found;
  if (room_of(file).empty()) return {file + " is in no line of the table"};
  for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
    const std::string header = (*it)[2];
    const bool in_quotes = (*it)[1] == "\"", has_way_up = header.find("..") != header.npos;
    auto wrong = [&](const std::string& what) { found.push_back(file + ": " + header + ": " + what); };
    if (has_way_up) wrong("name it from the root of the repository");
    if (has_way_up || !is_ours(header)) continue;
    if (!in_quotes && !file.starts_with("examples/")) wrong("ours stand in quotes");
    if (room_of(header).empty())
      wrong("is in no line of the table");
    else if (!may_include(file, header))
      wrong("not allowed for " + room_of(file));
  }
  return found;
}

std::vector<std::string> violations(const std::string& file) {
  return violations(file, file_text(fs::path(SOURCE_DIR) / file));
}

bool is_source(const fs::path& file) {
  static const std::set<std::string> kinds = {".h", ".hpp", ".inc", ".c", ".cc", ".cpp", ".cxx", ".in"};
  return kinds.contains(file.extension().string());
}

TEST(Includes, point_down) {
  std::vector<std::string> found;
  std::size_t files = 0;
  for (auto& top : fs::directory_iterator(SOURCE_DIR)) {
    const std::string name = top.path().filename();
    if (!top.is_directory() || name == "build" || name == "console" || name.starts_with(".")) continue;
    for (auto& file : fs::recursive_directory_iterator(top)) {
      if (!file.is_regular_file() || !is_source(file.path())) continue;
      ++files;
      for (std::string& v : violations(fs::relative(file.path(), SOURCE_DIR))) found.push_back(std::move(v));
    }
  }
  EXPECT_GT(files, 500u);
  std::string all;
  for (const std::string& v : found) all += v + "\n";
  EXPECT_EQ(all, "");
}

TEST(Includes, go_round_in_no_circle) {
  // Whoever may include only rooms that are below already is below, too: all are in the end.
  Table left = table();
  for (std::size_t before = left.size() + 1; left.size() < before;) {
    before = left.size();
    std::erase_if(left, [&](const auto& room) {
      return std::none_of(room.second.begin(), room.second.end(), [&](const std::string& other) {
        return left.contains(room_of(other + "/x")) || left.contains(room_of(other));
      });
    });
  }
  for (auto& [room, may] : left) ADD_FAILURE() << room << " is in a circle, or above one";
}

TEST(Includes, what_the_table_names_is_there) {
  for (auto& [room, may] : table()) {
    EXPECT_TRUE(fs::exists(fs::path(SOURCE_DIR) / room)) << room;
    for (const std::string& other : may) EXPECT_TRUE(fs::exists(fs::path(SOURCE_DIR) / other)) << other;
  }
}

TEST(Includes, every_kind_of_violation_is_found) {
  auto count = [](const std::string& file, const std::string& line) {
    return violations(file, "// x\n" + line).size();
  };
  EXPECT_EQ(count("backlot/base/x.h", "#include \"backlot/value/reference.h\"\n"), 1u);
  EXPECT_EQ(count("backlot/base/deep/er/x.h", "#include \"backlot/value/reference.h\"\n"), 1u) << "below a room";
  EXPECT_EQ(count("backlot/base/x.h", "  #  include \"backlot/value/v2/x9.h\"\n"), 1u) << "a digit, a subfolder";
  EXPECT_EQ(count("backlot/base/x.h", "#include <backlot/base/y.h>\n"), 1u) << "angle brackets";
  EXPECT_EQ(count("backlot/base/x.h", "#include <backlot/value/reference.h>\n"), 2u);
  EXPECT_EQ(count("backlot/base/x.h", "#include \"../value/reference.h\"\n"), 1u) << "upwards";
  EXPECT_EQ(count("backlot/base/x.h", "#include \"backlot/base/../value/reference.h\"\n"), 1u);
  EXPECT_EQ(count("backlot/engine/x.h", "#include \"backlot/store/local/local_store.h\"\n"), 1u);
  EXPECT_EQ(count("backlot/engine/x.h", "#include \"backlot/store/store.h\"\n"), 0u);
  EXPECT_EQ(count("backlot/engine/x_test.cpp", "#include \"backlot/store/test_values.h\"\n"), 0u);
  EXPECT_EQ(count("backlot/engine/x_test.cpp", "#include \"backlot/client/run.h\"\n"), 1u);
  EXPECT_EQ(count("apps/signals/verbs/x.h", "#include \"backlot/signals/report.h\"\n"), 0u);
  EXPECT_EQ(count("backlot/cli/x.h", "#include \"backlot/signals/report.h\"\n"), 1u);
  EXPECT_EQ(count("backlot/nowhere/x.h", "#include <vector>\n"), 1u);
  EXPECT_EQ(count("backlot/base/x.h", "#include \"backlot/nowhere/x.h\"\n"), 1u);
  EXPECT_EQ(count("backlot/base/x.h", "#include \"tests/sim/bugs.h\"\n"), 1u) << "not only of backlot/";
  EXPECT_EQ(count("flows/x.h", "#include \"backlot/server/http.h\"\n"), 1u);
  EXPECT_EQ(count("examples/x/x.cpp", "#include <backlot/sdk/flow.h>\n"), 0u);
}

}  // namespace
