// Names in a room: its files are compiled several at a time, so what two of them define for themselves must not be
// called the same, and a header that only tests include says so by its name.
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

/// What the anonymous namespace of a formatted file defines: types, constants and functions. `using X = Y;` may be said
/// again.
std::set<std::string> own_names(const std::string& text) {
  static const std::regex definition(
      R"(^(?:template <.*> )?(?:(?:struct|class|enum class|enum|union) (\w+)(?: \w+)?(?: :[^;]*)? \{)"
      R"(|(?:inline |static |thread_local )*(?:constexpr|const) [^(=]*?(\w+)(?:\[\w*\])? ?(?:=|\{))"
      R"(|[A-Za-z_\[][\w:<>,*&\[\]() ]*?[ *&](\w+)\())");
  std::set<std::string> found;
  std::istringstream lines(text);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "namespace {") inside = true;
    if (line == "}  // namespace") inside = false;
    std::smatch name;
    if (!inside || line.starts_with("TEST") || line.starts_with("INSTANTIATE_") ||
        !std::regex_search(line, name, definition))
      continue;
    for (std::size_t i = 1; i < name.size(); ++i)
      if (name[i].matched) found.insert(name[i]);
  }
  return found;
}

/// Files that the build compiles by themselves, as the room's CMakeLists.txt says; with UNITY_BUILD OFF all but tests.
bool is_compiled_alone(const fs::path& room, const std::string& file) {
  static const std::regex alone(R"(set_source_files_properties\(([^)]*) PROPERTIES[^)]*SKIP_UNITY_BUILD_INCLUSION ON)");
  const std::string build = file_text(room / "CMakeLists.txt");
  if (!file.ends_with("_test.cpp") && build.find("UNITY_BUILD OFF") != build.npos) return true;
  for (std::sregex_iterator it(build.begin(), build.end(), alone), end; it != end; ++it)
    if ((*it)[1].str().find(file) != std::string::npos) return true;
  return false;
}

std::string doublets_in(const fs::path& room) {
  std::map<std::pair<bool, std::string>, std::vector<std::string>> files;  // by whether of tests, and name
  for (auto& entry : fs::directory_iterator(room)) {
    const std::string file = entry.path().filename();
    if (entry.path().extension() != ".cpp" || file.ends_with("_fuzz.cpp") || is_compiled_alone(room, file)) continue;
    for (const std::string& name : own_names(file_text(entry.path())))
      files[{file.ends_with("_test.cpp"), name}].push_back(file);
  }
  std::string found;
  for (auto& [name, in] : files) {
    if (in.size() < 2) continue;
    found += room.filename().string() + ": " + name.second + " in";
    for (const std::string& file : in) found += " " + file;
    found += "\n";
  }
  return found;
}

TEST(Names, of_a_rooms_files_are_their_own) {
  std::string found;
  for (auto& room : fs::directory_iterator(SOURCE_DIR "/backlot"))
    if (room.is_directory()) found += doublets_in(room.path());
  EXPECT_EQ(found, "");
}

TEST(Names, are_found_in_every_kind_of_definition) {
  const std::string text =
      "struct Outside {\n};\nnamespace {\n\nusing Json = nlohmann::json;\nstruct A {\n  int inner() { return 1; }\n};\n"
      "class B : public A {\nenum class C { x };\nconstexpr int d = 1;\nconst std::regex e{\"x\"};\n"
      "std::string f(const A& a) {\n[[noreturn]] void g() {\ntemplate <class T> T* h(T x) {\nbool i(int x,\n       int "
      "y) {\n"
      "TEST(Suite, name) {\n}  // namespace\n\nint outside() {\n";
  EXPECT_EQ(own_names(text), (std::set<std::string>{"A", "B", "C", "d", "e", "f", "g", "h", "i"}));
}

TEST(Names, of_headers_say_whether_they_are_for_tests) {
  std::map<std::string, bool> only_tests;  // of the headers that are included at all
  for (const char* top : {"backlot", "apps", "python", "flows", "bench", "tests"}) {
    for (auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIR) / top)) {
      const std::string path = entry.path(), name = entry.path().filename();
      if (!name.ends_with(".h") && !name.ends_with(".cpp")) continue;
      const bool is_domain = path.starts_with(SOURCE_DIR "/tests/domain/");  // it uses what domains use
      const bool is_test = name.starts_with("test_") || name.ends_with("_test.cpp") || name.ends_with("_fuzz.cpp") ||
                           (path.starts_with(SOURCE_DIR "/tests/") && !is_domain);
      static const std::regex include(R"re(#include "(backlot/[^"]+)")re");
      const std::string text = file_text(entry.path());
      for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
        const std::string header = (*it)[1], own = header.substr(0, header.size() - 1) + "cpp";
        if (path.ends_with(own)) continue;  // a header's own file says nothing of who it is for
        auto [at, is_new] = only_tests.emplace(header, is_test);
        if (!is_new) at->second = at->second && is_test;
      }
    }
  }
  for (auto& [header, only] : only_tests)
    EXPECT_EQ(only, fs::path(header).filename().string().starts_with("test_")) << header;
}

}  // namespace
