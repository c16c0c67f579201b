#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "backlot/flow/parameter_formats.h"

namespace backlot::parameter_format {
namespace {

using Json = nlohmann::ordered_json;

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

/// Of a plain scalar that is .nan, .inf or -.inf.
std::optional<double> not_finite_scalar(const std::string& s) {
  static const std::set<std::string_view> names{".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
  std::size_t dot = s.starts_with('-') || s.starts_with('+') ? 1 : 0;
  if (!names.contains(std::string_view(s).substr(dot))) return std::nullopt;
  return not_finite_named(s.substr(0, dot) + s.substr(dot + 1));
}

/// A plain scalar by YAML 1.2's core schema, without its octal and hexadecimal forms.
Json plain_scalar(const std::string& s) {
  if (s.empty() || s == "~" || s == "null" || s == "Null" || s == "NULL") return nullptr;
  if (s == "true" || s == "True" || s == "TRUE") return true;
  if (s == "false" || s == "False" || s == "FALSE") return false;
  if (is_yaml_integer(s)) {
    if (auto value = number<std::int64_t>(s)) return *value;
  }
  bool numeric = s.find_first_not_of("0123456789+-.eE") == s.npos;
  if (auto value = number<double>(s); value && numeric) return *value;
  if (auto value = not_finite_scalar(s)) return json_of_real<Json>(*value);
  return s;
}

/// "?" is what yaml-cpp tags a plain scalar with, "!" a quoted one.
bool is_plain(const YAML::Node& scalar) { return scalar.Tag() == "?" || scalar.Tag().empty(); }

Json json_of_yaml(const YAML::Node& node, const std::string& path, ParseBudget& budget, int depth);

Json object_of(const YAML::Node& map, const std::string& path, ParseBudget& budget, int depth) {
  Json result = Json::object();
  std::set<std::string> keys;
  for (const auto& entry : map) {
    std::string place = at_line(path, line_of(entry.first));
    if (!entry.first.IsScalar()) refuse(place, "a key must be text");
    const std::string& key = entry.first.Scalar();
    if (!keys.insert(key).second) refuse(place, "key \"" + key + "\" is there twice");
    result[key] = json_of_yaml(entry.second, path, budget, depth + 1);
  }
  return result;
}

Json json_of_yaml(const YAML::Node& node, const std::string& path, ParseBudget& budget, int depth) {
  budget.enter(depth, line_of(node));
  switch (node.Type()) {
    case YAML::NodeType::Map: return object_of(node, path, budget, depth);
    case YAML::NodeType::Sequence: {
      Json result = Json::array();
      for (const auto& item : node) result.push_back(json_of_yaml(item, path, budget, depth + 1));
      return result;
    }
    case YAML::NodeType::Scalar: {
      if (is_plain(node)) return plain_scalar(node.Scalar());
      if (node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str") return node.Scalar();
      refuse(at_line(path, line_of(node)), "the tag " + node.Tag() + " is not supported");
    }
    default: return nullptr;
  }
}

/// yaml-cpp's Load reads the first document only, and its LoadAll never ends for some texts, such as ",".
class IgnoreEvents : public YAML::EventHandler {
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

YAML::Node load_only_document(const std::string& path, const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  IgnoreEvents ignore;
  bool one = parser.HandleNextDocument(ignore) && !parser.HandleNextDocument(ignore);
  if (!one) refuse(path, "must be one YAML document");
  return YAML::Load(text);
}

}  // namespace

std::vector<FileParameter> parse_yaml(const std::string& path, std::string_view text) {
  YAML::Node root;
  try {
    root = load_only_document(path, std::string(text));
  } catch (const YAML::Exception& e) { refuse(at_line(path, e.mark.is_null() ? 0 : e.mark.line + 1), e.msg); }
  if (!root.IsMap()) refuse(path, "must be one YAML map of parameters");
  ParseBudget budget(path);
  std::vector<FileParameter> found;
  std::set<std::string> keys;
  for (const auto& entry : root) {
    std::string place = at_line(path, line_of(entry.first));
    if (!entry.first.IsScalar()) refuse(place, "a parameter's name must be text");
    const std::string& name = entry.first.Scalar();
    if (!keys.insert(name).second) refuse(place, "key \"" + name + "\" is there twice");
    const YAML::Node& value = entry.second;
    bool is_not_finite = value.IsScalar() && is_plain(value) && not_finite_scalar(value.Scalar());
    found.push_back({name, dump(json_of_yaml(value, path, budget, 1), place), place, is_not_finite});
  }
  return found;
}

}  // namespace backlot::parameter_format
