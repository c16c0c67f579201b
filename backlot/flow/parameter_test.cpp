#include "backlot/flow/parameter.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "backlot/value/not_finite.h"

namespace backlot {
namespace {

using Json = nlohmann::ordered_json;

/// A spec that accepts JSON of the kind `fits` says and keeps it as it was written.
ParameterSpec spec(std::string name, ParameterType type, const std::function<bool(const Json&)>& fits = {}) {
  ParameterSpec s;
  s.name = std::move(name);
  s.type = type;
  s.parse = [fits](const std::string& json) {
    Json value = Json::parse(json);
    if (fits && !fits(value)) throw Error(ErrorCode::invalid, "expected something else");
    return Reference::inlined(TypeTag::text, json);
  };
  return s;
}

std::vector<ParameterSpec> all_types() {
  std::vector<ParameterSpec> s{
      spec("rows", ParameterType::integer, [](const Json& v) { return v.is_number_integer(); }),
      spec("rate", ParameterType::real,
           [](const Json& v) { return v.is_number() || (v.is_string() && not_finite_named(v.get<std::string>())); }),
      spec("title", ParameterType::text, [](const Json& v) { return v.is_string(); }),
      spec("dry_run", ParameterType::boolean, [](const Json& v) { return v.is_boolean(); }),
      spec("mode", ParameterType::choice),
      spec("ids", ParameterType::list,
           [](const Json& v) {
             return v.is_array() && std::all_of(v.begin(), v.end(), [](auto& i) { return i.is_number_integer(); });
           }),
      spec("names", ParameterType::list,
           [](const Json& v) {
             return v.is_array() && std::all_of(v.begin(), v.end(), [](auto& i) { return i.is_string(); });
           }),
      spec("model", ParameterType::json)};
  s[4].choices = {"full", "quick"};
  return s;
}

std::map<std::string, std::string> resolve(const ParameterSources& given) {
  std::map<std::string, std::string> values;
  for (auto& v : resolve_parameters(all_types(), given)) values[v.name] = v.value.inline_bytes;
  return values;
}

std::map<std::string, std::string> words(std::vector<std::string> arguments) {
  ParameterSources given;
  given.arguments = std::move(arguments);
  return resolve(given);
}

std::string complaint(const ParameterSources& given) {
  try {
    resolve(given);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::usage);
    return e.what();
  }
  return "";
}

std::string complaint(std::vector<std::string> arguments) {
  ParameterSources given;
  given.arguments = std::move(arguments);
  return complaint(given);
}

class ParameterFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "parameters." + std::to_string(getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::map<std::string, std::string> read(const std::string& name, const std::string& text) {
    ParameterSources given;
    given.files = {write(name, text)};
    return resolve(given);
  }
  std::string refused(const std::string& name, const std::string& text) {
    ParameterSources given;
    given.files = {write(name, text)};
    return complaint(given);
  }
  std::string folder_;
};

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Parameters, words_of_a_command_line_become_values_of_their_type) {
  auto v =
      words({"--rows", "007", "--rate=.5", "--title", "a \"b\"", "--dry-run", "--mode", "quick", "--model", "[1]"});
  EXPECT_EQ(v["rows"], "7");
  EXPECT_EQ(v["rate"], "0.5");
  EXPECT_EQ(v["title"], "\"a \\\"b\\\"\"");
  EXPECT_EQ(v["dry_run"], "true");
  EXPECT_EQ(v["mode"], "\"quick\"");
  EXPECT_EQ(v["model"], "[1]");
  EXPECT_EQ(v.size(), 6u);
}

TEST(Parameters, integers_keep_every_digit) {
  EXPECT_EQ(words({"--rows", "-9223372036854775808"})["rows"], "-9223372036854775808");
  EXPECT_EQ(words({"--rows", "-0"})["rows"], "0");
  EXPECT_EQ(words({"--rows", "+000"})["rows"], "0");
  for (std::string bad : {"", "1.0", "1e3", "0x10", "- 1", "one", "--1"}) {
    EXPECT_HAS(complaint({"--rows=" + bad}), "--rows: expected an integer") << bad;
  }
}

TEST(Parameters, floats_may_be_infinite_or_no_number) {
  EXPECT_EQ(words({"--rate", "-1e-3"})["rate"], "-0.001");
  for (std::string nan : {"nan", "NaN", "-nan"}) EXPECT_EQ(words({"--rate", nan})["rate"], "\"NaN\"") << nan;
  for (std::string inf : {"inf", "+inf", "Infinity"}) EXPECT_EQ(words({"--rate", inf})["rate"], "\"Infinity\"") << inf;
  EXPECT_EQ(words({"--rate", "-inf"})["rate"], "\"-Infinity\"");
  ParameterSources given;
  given.environment = {{"RATE", "-INF"}};
  EXPECT_EQ(resolve(given)["rate"], "\"-Infinity\"");
  for (std::string bad : {"", "1e999", "1,5", "1.0x", "nan(1)", "infinit", "--inf", ".inf"}) {
    EXPECT_NE(complaint({"--rate=" + bad}), "") << bad;
  }
  for (std::string word : {"nan", "inf"}) EXPECT_HAS(complaint({"--rows", word}), "expected an integer") << word;
  EXPECT_EQ(words({"--title", "nan"})["title"], "\"nan\"");
}

TEST(Parameters, a_flag_has_five_forms) {
  EXPECT_EQ(words({"--dry_run"})["dry_run"], "true");
  EXPECT_EQ(words({"--no-dry-run"})["dry_run"], "false");
  EXPECT_EQ(words({"--dry-run", "False"})["dry_run"], "false");
  EXPECT_EQ(words({"--dry-run=on"})["dry_run"], "true");
  EXPECT_EQ(words({"--dry-run", "--rows", "1"}).size(), 2u);
  EXPECT_HAS(complaint({"--dry-run=maybe"}), "expected true or false");
  EXPECT_HAS(complaint({"--no-dry-run=1"}), "takes no value");
  EXPECT_HAS(complaint({"--no-rows"}), "unknown parameter");
}

TEST(Parameters, lists_repeat_or_are_json) {
  EXPECT_EQ(words({"--ids", "1", "--ids", "2"})["ids"], "[1,2]");
  EXPECT_EQ(words({"--ids", "[1, 2]"})["ids"], "[1, 2]");
  EXPECT_EQ(words({"--names", "1", "--names", "b"})["names"], "[\"1\",\"b\"]");
  EXPECT_EQ(words({"--names", "[]"})["names"], "[]");
  EXPECT_NE(complaint({"--ids", "one"}), "");
  EXPECT_NE(complaint({"--ids", "nan"}), "");
  EXPECT_EQ(words({"--names", "nan", "--names", "1"})["names"], "[\"nan\",\"1\"]");
}

TEST(Parameters, all_problems_come_in_one_error) {
  std::string text = complaint({"--row", "1", "--rate", "fast", "--mode", "quikc", "--title", "--rows", "x", "stray"});
  EXPECT_HAS(text, "unknown parameter \"row\"; did you mean rows?");
  EXPECT_HAS(text, "--rate: expected a number, not \"fast\"");
  EXPECT_HAS(text, "--mode: \"quikc\" is no choice; did you mean quick?");
  EXPECT_HAS(text, "--title: needs a value");
  EXPECT_HAS(text, "--rows: expected an integer, not \"x\"");
  EXPECT_HAS(text, "unexpected \"stray\"");
}

TEST(Parameters, given_twice_is_refused) {
  EXPECT_HAS(complaint({"--rows", "1", "--rows", "2"}), "given 2 times");
  EXPECT_HAS(complaint({"--dry-run", "--no-dry-run"}), "given 2 times");
}

TEST(Parameters, a_negative_number_is_a_value_and_an_option_is_not) {
  EXPECT_EQ(words({"--rows", "-5"})["rows"], "-5");
  EXPECT_EQ(words({"--title=--rows"})["title"], "\"--rows\"");
  EXPECT_HAS(complaint({"--title"}), "needs a value");
}

TEST(Parameters, what_is_missing_and_required_is_named_and_defaults_fill_in) {
  ParameterSpec needed = spec("rows", ParameterType::integer), optional = spec("title", ParameterType::text);
  needed.required = true;
  EXPECT_THROW(resolve_parameters({needed, optional}, {}), Error);
  needed.default_value = Reference::inlined(TypeTag::integer, "7");
  auto values = resolve_parameters({needed, optional}, {});
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].source, "default");
  EXPECT_EQ(values[0].value.inline_bytes, "7");
}

TEST(Parameters, the_check_is_told_when_a_value_breaks_it) {
  ParameterSpec s = spec("rate", ParameterType::real, [](const Json& v) { return v.get<double>() <= 1; });
  s.check = "from 0 to 1";
  try {
    resolve_parameters({s}, {{{"rate", "2"}}, {}, {}, {}});
    FAIL();
  } catch (const Error& e) { EXPECT_HAS(std::string(e.what()), "from 0 to 1"); }
}

TEST_F(ParameterFile, options_win_over_environment_over_files_and_later_files_over_earlier) {
  ParameterSources given;
  given.files = {write("a.json", R"({"rows": 1, "rate": 1, "title": "a", "ids": [1]})"),
                 write("b.toml", "rows = 2\ntitle = \"b\"\n")};
  given.environment = {{"TITLE", "c"}, {"UNKNOWN", "x"}};
  given.options = {{"rows", "3"}};
  std::map<std::string, std::pair<std::string, std::string>> values;
  for (auto& v : resolve_parameters(all_types(), given)) values[v.name] = {v.value.inline_bytes, v.source};
  EXPECT_EQ(values["rows"], std::make_pair(std::string("3"), std::string("--rows")));
  EXPECT_EQ(values["title"], std::make_pair(std::string("\"c\""), std::string("BACKLOT_PARAM_TITLE")));
  EXPECT_EQ(values["rate"].second, folder_ + "/a.json");
  EXPECT_EQ(values["ids"].first, "[1]");
}

TEST_F(ParameterFile, the_three_formats_say_the_same) {
  auto json = read("p.json", R"({"rows": 7, "rate": 1.5, "title": "x: y", "dry-run": true, "names": ["1", "no"],
                                 "model": {"a": [null, -0.5], "b": {}}})");
  auto toml = read("p.toml",
                   "rows = 7\nrate = 1.5\ntitle = 'x: y'\ndry-run = true\nnames = ['1', 'no']\n"
                   "[model]\na = [0, -0.5]\nb = {}\n");
  auto yaml = read("p.yaml",
                   "rows: 7\nrate: 1.5\ntitle: 'x: y'\ndry-run: true\nnames: ['1', no]\n"
                   "model:\n  a: [~, -0.5]\n  b: {}\n");
  EXPECT_EQ(yaml, json);
  EXPECT_EQ(json["model"], R"({"a":[null,-0.5],"b":{}})");
  EXPECT_EQ(toml["model"], R"({"a":[0,-0.5],"b":{}})");
  toml["model"] = json["model"];
  EXPECT_EQ(toml, json);
}

TEST_F(ParameterFile, errors_name_file_and_line) {
  EXPECT_HAS(refused("p.json", "{\n\"rows\": 1,\n}"), "p.json:3: not JSON");
  EXPECT_HAS(refused("p.toml", "rows = 1\nrate = = 2\n"), "p.toml:2: ");
  EXPECT_HAS(refused("p.yaml", "rows: 1\nrate: [1\n"), "p.yaml:");
  EXPECT_HAS(refused("p.yaml", "rate: 1\nrows: many\n"), "p.yaml:2: rows: expected something else");
  EXPECT_HAS(refused("p.toml", "rate = 1\n\nrow = 2\n"), "p.toml:3: unknown parameter \"row\"; did you mean rows?");
  EXPECT_HAS(refused("p.ini", ""), "must end in");
  ParameterSources missing;
  missing.files = {folder_ + "/none.json"};
  EXPECT_HAS(complaint(missing), "none.json");
}

TEST_F(ParameterFile, the_same_key_twice_is_refused) {
  for (std::string text : {R"({"rows": 1, "rows": 2})", R"({"model": {"a": 1, "a": 1}})"}) {
    EXPECT_HAS(refused("p.json", text), "twice") << text;
  }
  EXPECT_NE(refused("p.toml", "rows = 1\nrows = 2\n"), "");
  EXPECT_HAS(refused("p.yaml", "rows: 1\nrows: 2\n"), "p.yaml:2: key \"rows\" is there twice");
  EXPECT_HAS(refused("p.yaml", "model: {a: 1, a: 2}\n"), "twice");
  EXPECT_HAS(refused("p.json", R"({"dry-run": true, "dry_run": true})"), "twice");
}

TEST_F(ParameterFile, values_of_other_parameters_are_not_in_the_error) {
  EXPECT_EQ(refused("p.json", "{\"title\": \"hunter2\" \"rows\": 1}").find("hunter2"), std::string::npos);
  EXPECT_EQ(refused("p.json", R"({"title": "hunter2", "row": 1})").find("hunter2"), std::string::npos);
}

TEST_F(ParameterFile, floats_may_be_infinite_or_no_number) {
  for (std::string text : {R"({"rate": "nan"})", R"({"rate": "inf"})", R"({"rate": "-inf"})"}) {
    EXPECT_EQ(refused("p.json", text), "") << text;
  }
  for (auto [toml, yaml, json] :
       {std::tuple("nan", ".nan", "\"NaN\""), std::tuple("inf", ".inf", "\"Infinity\""),
        std::tuple("+inf", "+.Inf", "\"Infinity\""), std::tuple("-inf", "-.inf", "\"-Infinity\"")}) {
    EXPECT_EQ(read("p.toml", std::string("rate = ") + toml)["rate"], json);
    EXPECT_EQ(read("p.yaml", std::string("rate: ") + yaml)["rate"], json);
    EXPECT_EQ(read("p.toml", std::string("model = {a = [") + toml + "]}")["model"],
              std::string("{\"a\":[") + json + "]}");
    EXPECT_EQ(read("p.yaml", std::string("model: {a: [") + yaml + "]}")["model"],
              std::string("{\"a\":[") + json + "]}");
  }
  EXPECT_EQ(read("p.yaml", "rate: nan")["rate"], "\"nan\"") << "a text, which stands for the float";
}

TEST_F(ParameterFile, a_float_that_is_no_number_is_no_text_either) {
  EXPECT_HAS(refused("p.toml", "title = nan"), "p.toml:1: title: expected text, not a float");
  EXPECT_HAS(refused("p.yaml", "title: .inf"), "p.yaml:1: title: expected text, not a float");
  EXPECT_HAS(refused("p.toml", "rows = -inf"), "expected int, not a float");
  EXPECT_HAS(refused("p.yaml", "names: .nan"), "expected list, not a float");
  EXPECT_EQ(read("p.yaml", "title: '.nan'")["title"], "\".nan\"");
}

TEST_F(ParameterFile, what_json_cannot_say_is_refused) {
  EXPECT_HAS(refused("p.json", R"({"rate": NaN})"), "not JSON");
  EXPECT_HAS(refused("p.toml", "title = 1979-05-27"), "in quotes");
  EXPECT_HAS(refused("p.yaml", "title: !!binary aGk="), "tag");
  EXPECT_HAS(refused("p.toml", "rows = \u0224 1"), "p.toml:1");
  EXPECT_HAS(refused("p.toml", "[&["), "p.toml: not TOML");
  EXPECT_HAS(refused("p.json", "[1]"), "object");
  EXPECT_HAS(refused("p.yaml", "- 1"), "map");
  EXPECT_HAS(refused("p.yaml", "rows: 1\n---\nrows: 2\n"), "one YAML document");
  EXPECT_NE(refused("p.yaml", ","), "");
  EXPECT_NE(refused("p.yaml", ""), "");
  EXPECT_HAS(refused("p.json", "{\"title\": \"\xff\"}"), "p.json");
}

TEST_F(ParameterFile, depth_and_expansion_are_bounded) {
  EXPECT_HAS(refused("p.json", "{\"model\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}"), "deep");
  EXPECT_HAS(refused("p.yaml", "model: &a [*a]"), "deep");
  std::string laughs = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 9; ++i) {
    std::string to = std::to_string(i), from = "*a" + std::to_string(i - 1);
    laughs += "a" + to + ": &a" + to + " [" + from;
    for (int j = 1; j < 10; ++j) laughs += ", " + from;
    laughs += "]\n";
  }
  EXPECT_HAS(refused("p.yaml", laughs), "more than 1048576 values");
}

TEST(Parameters, the_environment_gives_what_has_the_prefix) {
  const char* entries[] = {"PATH=/bin", "BACKLOT_PARAM_ROWS=7", "BACKLOT_PARAM_TITLE=a=b", "BACKLOT_PARAM_=x", nullptr};
  std::map<std::string, std::string> expected{{"ROWS", "7"}, {"TITLE", "a=b"}};
  EXPECT_EQ(parameter_environment(entries), expected);
  EXPECT_TRUE(parameter_environment(nullptr).empty());
}

}  // namespace
}  // namespace backlot
