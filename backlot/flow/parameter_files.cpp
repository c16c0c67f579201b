#include "backlot/flow/parameter_files.h"

#include <yaml-cpp/yaml.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "backlot/base/error.h"

namespace backlot {
namespace {

using Json = nlohmann::ordered_json;

std::string at_line(const std::string& path, long line) { return line > 0 ? path + ":" + std::to_string(line) : path; }

[[noreturn]] void refuse(const std::string& place, const std::string& message, const std::string& hint = {}) {
  throw Error(ErrorCode::usage, place + ": " + message, hint);
}

/// Guards a conversion against what is nested too deeply or, by aliases, too large.
class Budget {
 public:
  explicit Budget(std::string path) : path_(std::move(path)) {}
  void enter(int depth, long line) {
    if (depth > parameter_depth_limit) {
      refuse(at_line(path_, line), "nested more than " + std::to_string(parameter_depth_limit) + " deep");
    }
    if (++count_ > parameter_count_limit) {
      refuse(at_line(path_, line), "more than " + std::to_string(parameter_count_limit) + " values");
    }
  }

 private:
  std::string path_;
  std::size_t count_ = 0;
};

std::string dump(const Json& value, const std::string& place) {
  try {
    return value.dump();
  } catch (const Json::type_error&) { refuse(place, "text that is not UTF-8"); }
}

// --- JSON -----------------------------------------------------------------------------------------------------------

std::string position_in(const std::string& path, std::string_view text, std::size_t byte) {
  std::string_view before = text.substr(0, std::min(byte, text.size()));
  return at_line(path, 1 + std::count(before.begin(), before.end(), '\n'));
}

/// Refuses what nlohmann's parser would accept: the same key twice, and depth that overflows the stack later.
class JsonGuard {
 public:
  explicit JsonGuard(std::string path) : budget_(path), path_(std::move(path)) {}
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) refuse(path_, "key \"" + key + "\" is there twice");
    } else {
      budget_.enter(depth, 0);
    }
    return true;
  }

 private:
  Budget budget_;
  std::string path_;
  std::vector<std::set<std::string>> keys_;
};

std::vector<FileParameter> parse_json(const std::string& path, std::string_view text) {
  Json root;
  try {
    root = Json::parse(text.begin(), text.end(), JsonGuard(path));
  } catch (const Json::parse_error& e) {
    refuse(position_in(path, text, e.byte ? e.byte - 1 : 0), "not JSON");  // its own text would quote the file
  } catch (const Json::out_of_range&) { refuse(path, "a number too large for a float"); }
  if (!root.is_object()) refuse(path, "must be one JSON object of parameters");
  std::vector<FileParameter> found;
  for (auto& [name, value] : root.items()) found.push_back({name, dump(value, path), path});
  return found;
}

// --- TOML -----------------------------------------------------------------------------------------------------------

Json json_of(const toml::node& node, const std::string& path, Budget& budget, int depth) {
  long line = node.source().begin.line;
  budget.enter(depth, line);
  Json result;
  if (auto* table = node.as_table()) {
    result = Json::object();
    for (auto&& [key, value] : *table) result[std::string(key.str())] = json_of(value, path, budget, depth + 1);
  } else if (auto* array = node.as_array()) {
    result = Json::array();
    for (auto& value : *array) result.push_back(json_of(value, path, budget, depth + 1));
  } else if (auto* text = node.as_string()) {
    result = text->get();
  } else if (auto* integer = node.as_integer()) {
    result = integer->get();
  } else if (auto* real = node.as_floating_point()) {
    if (!std::isfinite(real->get())) refuse(at_line(path, line), "inf and nan cannot be parameters");
    result = real->get();
  } else if (auto* flag = node.as_boolean()) {
    result = flag->get();
  } else {
    refuse(at_line(path, line), "dates and times cannot be parameters", "write it as text, in quotes");
  }
  return result;
}

std::vector<FileParameter> parse_toml(const std::string& path, std::string_view text) {
  toml::table root;
  try {
    root = toml::parse(text, path);
  } catch (const toml::parse_error& e) { refuse(at_line(path, e.source().begin.line), std::string(e.description())); }
  Budget budget(path);
  std::vector<FileParameter> found;
  for (auto&& [key, value] : root) {
    std::string place = at_line(path, key.source().begin.line);
    found.push_back({std::string(key.str()), dump(json_of(value, path, budget, 1), place), place});
  }
  return found;
}

// --- YAML -----------------------------------------------------------------------------------------------------------

long line_of(const YAML::Node& node) { return node.Mark().is_null() ? 0 : node.Mark().line + 1; }

bool is_yaml_integer(std::string_view s) {
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) s.remove_prefix(1);
  return !s.empty() && s.find_first_not_of("0123456789") == s.npos;
}

template <class T>
std::optional<T> number(std::string_view s) {
  if (!s.empty() && s[0] == '+') s.remove_prefix(1);
  T value{};
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return value;
}

/// A plain scalar by YAML 1.2's core schema, without its octal and hexadecimal forms.
Json plain_scalar(const std::string& s, const std::string& place) {
  if (s.empty() || s == "~" || s == "null" || s == "Null" || s == "NULL") return nullptr;
  if (s == "true" || s == "True" || s == "TRUE") return true;
  if (s == "false" || s == "False" || s == "FALSE") return false;
  if (is_yaml_integer(s)) {
    if (auto value = number<std::int64_t>(s)) return *value;
  }
  bool numeric = s.find_first_not_of("0123456789+-.eE") == s.npos;
  if (auto value = number<double>(s); value && numeric) return *value;
  std::string_view unsigned_part = s[0] == '-' || s[0] == '+' ? std::string_view(s).substr(1) : s;
  static const std::set<std::string_view> not_finite{".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
  if (not_finite.contains(unsigned_part)) refuse(place, "inf and nan cannot be parameters");
  return s;
}

Json json_of(const YAML::Node& node, const std::string& path, Budget& budget, int depth);

Json object_of(const YAML::Node& map, const std::string& path, Budget& budget, int depth) {
  Json result = Json::object();
  std::set<std::string> keys;
  for (const auto& entry : map) {
    std::string place = at_line(path, line_of(entry.first));
    if (!entry.first.IsScalar()) refuse(place, "a key must be text");
    const std::string& key = entry.first.Scalar();
    if (!keys.insert(key).second) refuse(place, "key \"" + key + "\" is there twice");
    result[key] = json_of(entry.second, path, budget, depth + 1);
  }
  return result;
}

Json json_of(const YAML::Node& node, const std::string& path, Budget& budget, int depth) {
  budget.enter(depth, line_of(node));
  switch (node.Type()) {
    case YAML::NodeType::Map: return object_of(node, path, budget, depth);
    case YAML::NodeType::Sequence: {
      Json result = Json::array();
      for (const auto& item : node) result.push_back(json_of(item, path, budget, depth + 1));
      return result;
    }
    case YAML::NodeType::Scalar: {
      // "?" is what yaml-cpp tags a plain scalar with, "!" a quoted one.
      if (node.Tag() == "?" || node.Tag().empty()) return plain_scalar(node.Scalar(), at_line(path, line_of(node)));
      if (node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str") return node.Scalar();
      refuse(at_line(path, line_of(node)), "the tag " + node.Tag() + " is not supported");
    }
    default: return nullptr;
  }
}

std::vector<FileParameter> parse_yaml(const std::string& path, std::string_view text) {
  YAML::Node root;
  try {
    std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() != 1) refuse(path, "must be one YAML document");
    root = documents[0];
  } catch (const YAML::Exception& e) { refuse(at_line(path, e.mark.is_null() ? 0 : e.mark.line + 1), e.msg); }
  if (!root.IsMap()) refuse(path, "must be one YAML map of parameters");
  Budget budget(path);
  std::vector<FileParameter> found;
  std::set<std::string> keys;
  for (const auto& entry : root) {
    std::string place = at_line(path, line_of(entry.first));
    if (!entry.first.IsScalar()) refuse(place, "a parameter's name must be text");
    const std::string& name = entry.first.Scalar();
    if (!keys.insert(name).second) refuse(place, "key \"" + name + "\" is there twice");
    found.push_back({name, dump(json_of(entry.second, path, budget, 1), place), place});
  }
  return found;
}

}  // namespace

std::vector<FileParameter> parse_parameter_file(const std::string& path, std::string_view text) {
  if (text.size() > parameter_file_limit) refuse(path, "larger than 64 MiB");
  if (path.ends_with(".json")) return parse_json(path, text);
  if (path.ends_with(".toml")) return parse_toml(path, text);
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return parse_yaml(path, text);
  refuse(path, "a parameter file must end in .json, .toml, .yaml or .yml");
}

std::vector<FileParameter> read_parameter_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw_system_error("open " + path);
  std::string text;
  char piece[64 << 10];
  while (in.read(piece, sizeof piece), in.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > parameter_file_limit) break;
  }
  if (in.bad()) throw_system_error("read " + path);
  return parse_parameter_file(path, text);
}

}  // namespace backlot
