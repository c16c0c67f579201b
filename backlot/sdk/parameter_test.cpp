#include "backlot/sdk/parameter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "backlot/sdk/program_code.h"
#include "backlot/sdk/scratch_blobs.h"
#include "backlot/value/to_json.h"

namespace backlot::test {
namespace {

enum class Mode { quick, full = 5, exact = 63 };
struct Window {
  int width = 0;
  std::optional<std::string> title;
  bool operator==(const Window&) const = default;
  BACKLOT_FIELDS(width, title)
};

struct AllKinds {
  Parameter<bool> quick{"A switch", true};
  Parameter<int> rows{"Rows to read", 10, at_least(1)};
  Parameter<std::uint8_t> level{"A small number", std::uint8_t{7}};
  Parameter<double> share{"A share", 0.5, between(0.0, 1.0)};
  Parameter<double> limit{"A limit", std::numeric_limits<double>::infinity()};
  Parameter<std::vector<float>> limits{"Limits", std::nullopt};
  Parameter<std::string> name{"A text"};
  Parameter<std::string> color{"One of few texts", "red", one_of("red", "green")};
  Parameter<std::filesystem::path> folder{"A path", "/data"};
  Parameter<Mode> mode{"An enum", Mode::full};
  Parameter<std::vector<int>> sizes{"A list", std::vector<int>{1, 2}};
  Parameter<std::vector<Mode>> modes{"A list of enums", std::vector<Mode>{}};
  Parameter<Window> window{"A struct", std::nullopt};
  Parameter<FileContent> data{"A file's content", std::nullopt};
  Parameter<int> even{"A number", 2, Check<int>{"an even number", [](int n) { return n % 2 == 0; }}};
  BACKLOT_FIELDS(quick, rows, level, share, limit, limits, name, color, folder, mode, sizes, modes, window, data, even)
  void start() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};

class Parameters : public testing::Test {
 protected:
  std::unique_ptr<FlowCode> code = flow_code<AllKinds>();
  const ParameterSpec& spec(std::string_view name) const {
    for (auto& s : code->parameters())
      if (s.name == name) return s;
    throw std::out_of_range(std::string(name));
  }
  /// What a parameter is when `json` is given, as JSON again; or "!message".
  std::string parsed(std::string_view name, const std::string& json) const {
    try {
      return json_of(spec(name).parse(json));
    } catch (const Error& e) {
      EXPECT_TRUE(e.code() == ErrorCode::invalid || e.code() == ErrorCode::not_found) << name << ": " << e.what();
      return "!" + e.message();
    }
  }
  static std::string json_of(const Reference& value) {
    sdk::ScratchBlobs none;
    ValueLoader loader(none);
    EXPECT_EQ(value.place, Reference::Place::inlined);
    return to_json(value, loader);
  }
};

TEST_F(Parameters, are_described_in_order) {
  std::string text;
  for (auto& s : code->parameters())
    text += s.name + " " + std::string(name_of(s.type)) + (s.required ? " required" : "") +
            (s.default_value ? " = " + s.default_text : "") + (s.check.empty() ? "" : " (" + s.check + ")") + "\n";
  EXPECT_EQ(text,
            "quick bool = true\n"
            "rows int = 10 (at least 1)\n"
            "level int = 7\n"
            "share float = 0.5 (from 0 to 1)\n"
            "limit float = Infinity\n"
            "limits list\n"
            "name text required\n"
            "color choice = red (one of red green)\n"
            "folder path = /data\n"
            "mode choice = full\n"
            "sizes list = [1,2]\n"
            "modes list = []\n"
            "window json\n"
            "data file\n"
            "even int = 2 (an even number)\n");
  EXPECT_EQ(spec("mode").choices, (std::vector<std::string>{"quick", "full", "exact"}));
  EXPECT_EQ(spec("color").choices, (std::vector<std::string>{"red", "green"}));
  EXPECT_EQ(spec("rows").help, "Rows to read");
  EXPECT_TRUE(spec("rows").default_value->same_value(spec("rows").parse("10")));
}

TEST_F(Parameters, parse_what_fits) {
  EXPECT_EQ(parsed("quick", "false"), "false");
  EXPECT_EQ(parsed("rows", "12"), "12");
  EXPECT_EQ(parsed("share", "1"), "1.0");
  for (const char* name : {"\"nan\"", "\"NaN\""}) EXPECT_EQ(parsed("limit", name), "\"NaN\"");
  for (const char* name : {"\"inf\"", "\"Infinity\""}) EXPECT_EQ(parsed("limit", name), "\"Infinity\"");
  EXPECT_EQ(parsed("limit", "\"-inf\""), "\"-Infinity\"");
  EXPECT_EQ(parsed("limits", R"([1,"nan","-inf"])"), R"([1.0,"NaN","-Infinity"])");
  EXPECT_EQ(parsed("name", "\"é\""), "\"é\"");
  EXPECT_EQ(parsed("mode", "\"exact\""), "\"exact\"");
  EXPECT_EQ(parsed("sizes", "[3,4]"), "[3,4]");
  EXPECT_EQ(parsed("modes", "[\"full\",\"quick\"]"), "[\"full\",\"quick\"]");
  EXPECT_EQ(parsed("window", R"({"width":3,"title":"t"})"), R"({"width":3,"title":"t"})");
  EXPECT_EQ(parsed("window", R"({"width":3})"), R"({"width":3,"title":null})");
}

TEST_F(Parameters, refuse_what_does_not_fit) {
  EXPECT_EQ(parsed("rows", "0"), "!must be at least 1");
  EXPECT_EQ(parsed("share", "1.5"), "!must be from 0 to 1");
  EXPECT_EQ(parsed("share", "\"nan\""), "!must be from 0 to 1");
  EXPECT_EQ(parsed("limit", "\"none\""), "!expected a float, found the text 'none'");
  EXPECT_EQ(parsed("even", "3"), "!must be an even number");
  EXPECT_EQ(parsed("color", "\"blue\""), "!must be one of red green");
  EXPECT_EQ(parsed("mode", "\"slow\""), "!expected one of quick full exact, not \"slow\"");
  EXPECT_EQ(parsed("modes", "[\"slow\"]"), "!expected one of quick full exact, not \"slow\"");
  for (auto& [name, json] : std::vector<std::pair<std::string, std::string>>{{"quick", "1"},
                                                                             {"rows", "\"12\""},
                                                                             {"rows", "1.5"},
                                                                             {"rows", "99999999999"},
                                                                             {"level", "256"},
                                                                             {"level", "-1"},
                                                                             {"name", "3"},
                                                                             {"sizes", "[1,\"x\"]"},
                                                                             {"sizes", "3"},
                                                                             {"window", "{}"},
                                                                             {"window", "{"},
                                                                             {"data", "\"/no/such/file\""}})
    EXPECT_TRUE(parsed(name, json).starts_with("!")) << name << " took " << json;
}

TEST_F(Parameters, lists_of_floats_take_words_that_are_no_numbers) {
  ParameterSources given;
  given.arguments = {"--limits", "1", "--limits", "inf", "--name", "n"};
  auto values = resolve_parameters(code->parameters(), given);
  auto limits = std::find_if(values.begin(), values.end(), [](auto& value) { return value.name == "limits"; });
  ASSERT_NE(limits, values.end());
  EXPECT_EQ(json_of(limits->value), R"([1.0,"Infinity"])");
}

TEST_F(Parameters, a_file_arrives_as_its_content) {
  std::string path = testing::TempDir() + "parameter_test_file";
  std::string content("a\0\xff", 3);
  std::ofstream(path, std::ios::binary) << content << std::string(100'000, 'x');
  Reference value = spec("data").parse("\"" + path + "\"");
  sdk::ScratchBlobs none;
  ValueLoader loader(none);
  auto file = std::static_pointer_cast<FileContent>(value_ops<FileContent>().load(value, loader));
  EXPECT_EQ(file->text(), content + std::string(100'000, 'x'));
  std::filesystem::rename(path, path + ".moved");
  EXPECT_TRUE(value.same_value(spec("data").parse("\"" + path + ".moved\""))) << "the path is no part of the value";
  std::filesystem::remove(path + ".moved");
}

TEST_F(Parameters, in_a_unit_test_they_are_assigned_and_checked) {
  AllKinds flow;
  EXPECT_EQ(*flow.rows, 10);
  EXPECT_FALSE(flow.name.has());
  EXPECT_THROW((void)*flow.name, Error);
  EXPECT_FALSE(flow.window.has());
  flow.rows = 20;
  EXPECT_EQ(*flow.rows, 20);
  flow.window = Window{3, "t"};
  EXPECT_EQ(flow.window->width, 3);
  try {
    flow.rows = 0;
    FAIL();
  } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::invalid); }
  EXPECT_EQ(*flow.rows, 20);
  EXPECT_THROW((flow.color = "blue"), Error);
}

TEST(Names, of_members_types_and_values) {
  EXPECT_EQ(name_of<&AllKinds::start>(), "start");
  EXPECT_EQ(name_of<&AllKinds::rows>(), "rows");
  EXPECT_EQ(name_of<Mode::full>(), "full");
  EXPECT_EQ(name_of<3>(), "3");
  EXPECT_EQ(name_of<true>(), "true");
  EXPECT_EQ(name_of_type<AllKinds>(), "AllKinds");
}

}  // namespace
}  // namespace backlot::test
