#include "backlot/flow/parameter.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "backlot/base/nearest.h"
#include "backlot/flow/parameter_files.h"
#include "backlot/value/not_finite.h"

namespace backlot {
namespace {

using Json = nlohmann::ordered_json;

/// One thing the user gave for a name: text as typed, or JSON from a file.
struct Given {
  std::string text;
  std::string source;
  bool is_json = false;
  bool is_not_finite = false;  ///< JSON that says a float of a file as a text
};

std::string normal(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '-', '_');
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::optional<bool> truth_of(std::string_view text) {
  std::string word = lower(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

[[noreturn]] void expected(const std::string& what, const std::string& text) {
  throw Error(ErrorCode::invalid, "expected " + what + ", not \"" + text + "\"");
}

std::string json_text(const std::string& text) {
  try {
    return Json(text).dump();
  } catch (const Json::type_error&) { throw Error(ErrorCode::invalid, "expected UTF-8 text"); }
}

/// The digits as JSON wants them, of any length: how large an integer may be is for `parse` to say.
std::string json_integer(const std::string& text) {
  std::string_view digits = text;
  bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) expected("an integer", text);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return (negative && digits != "0" ? "-" : "") + std::string(digits);
}

std::string json_real(const std::string& text) {
  if (auto value = not_finite_named(text)) return Json(not_finite_name(*value)).dump();
  const char *begin = text.data() + (text.starts_with('+') ? 1 : 0), *end = text.data() + text.size();
  double value = 0;
  auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || stop != end) expected("a number", text);
  return Json(value).dump();
}

std::string checked_json(const std::string& text) {
  if (!Json::accept(text)) throw Error(ErrorCode::invalid, "expected JSON");
  return text;
}

/// What was typed for a parameter, as JSON.
std::string json_from_text(const ParameterSpec& spec, const std::string& text) {
  switch (spec.type) {
    case ParameterType::boolean: {
      auto truth = truth_of(text);
      if (!truth) expected("true or false", text);
      return *truth ? "true" : "false";
    }
    case ParameterType::integer: return json_integer(text);
    case ParameterType::real: return json_real(text);
    case ParameterType::json: return checked_json(text);
    case ParameterType::text:
    case ParameterType::path:
    case ParameterType::choice:
    case ParameterType::file:
    case ParameterType::list: return json_text(text);
  }
  return json_text(text);
}

void check_choice(const ParameterSpec& spec, const std::string& json) {
  Json value = Json::parse(json, nullptr, false);
  if (!value.is_string()) throw Error(ErrorCode::invalid, "expected text");
  const auto& text = value.get_ref<const std::string&>();
  if (std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end()) return;
  throw Error(ErrorCode::invalid, "\"" + text + "\" is no choice", suggestion(text, spec.choices));
}

/// A list from one word per item. The words are taken as text, and if the items are no text, as JSON.
Reference parse_items(const ParameterSpec& spec, const std::vector<Given>& given) {
  Json as_text = Json::array(), as_json = Json::array();
  bool all_json = true, all_text_like = true;
  for (const Given& g : given) {
    as_text.push_back(g.text);
    auto not_finite = not_finite_named(g.text);
    Json item = not_finite ? Json(not_finite_name(*not_finite)) : Json::parse(g.text, nullptr, false);
    all_json = all_json && !item.is_discarded();
    all_text_like = all_text_like && (item.is_discarded() || item.is_string());
    as_json.push_back(std::move(item));
  }
  json_text(as_text.front().get_ref<const std::string&>());
  try {
    return spec.parse(as_text.dump());
  } catch (const Error& e) {
    if (e.code() != ErrorCode::invalid || !all_json || all_text_like) throw;
  }
  return spec.parse(as_json.dump());
}

bool is_whole_list(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_array();
}

Reference parse_given(const ParameterSpec& spec, const std::vector<Given>& given) {
  const Given& last = given.back();
  if (spec.type == ParameterType::list && !last.is_json) {
    if (given.size() == 1 && is_whole_list(last.text)) return spec.parse(last.text);
    return parse_items(spec, given);
  }
  if (given.size() > 1) {
    throw Error(ErrorCode::invalid, "given " + std::to_string(given.size()) + " times", "give it once");
  }
  bool may_be_float = spec.type == ParameterType::real || spec.type == ParameterType::json;
  if (last.is_not_finite && !may_be_float) {
    throw Error(ErrorCode::invalid, "expected " + std::string(name_of(spec.type)) + ", not a float");
  }
  std::string json = last.is_json ? last.text : json_from_text(spec, last.text);
  if (spec.type == ParameterType::choice) check_choice(spec, json);
  return spec.parse(json);
}

/// Collects what was given for each known name, strongest source last; keeps every problem on the way.
class Gatherer {
 public:
  explicit Gatherer(const std::vector<ParameterSpec>& specs) : specs_(specs) {
    for (const ParameterSpec& s : specs) by_name_[normal(s.name)] = &s;
  }

  void files(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      std::map<const ParameterSpec*, Given> found;
      for (FileParameter& p : read(path)) {
        const ParameterSpec* spec = known(p.name, p.place);
        if (!spec) continue;
        if (!found.emplace(spec, Given{p.json, p.place, true, p.is_not_finite}).second) {
          problem(p.place, "\"" + p.name + "\" is there twice", "- and _ are the same in a name");
        }
      }
      for (auto& [spec, given] : found) given_[spec] = {std::move(given)};
    }
  }

  void environment(const std::map<std::string, std::string>& variables) {
    for (auto& [name, text] : variables) {
      for (const ParameterSpec& s : specs_) {
        if (lower(normal(s.name)) == lower(normal(name))) given_[&s] = {{text, "BACKLOT_PARAM_" + name}};
      }
    }
  }

  void options(const std::vector<std::pair<std::string, std::string>>& pairs) {
    for (auto& [name, text] : pairs) option(name, text);
  }

  void arguments(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (!word.starts_with("--") || word.size() == 2) {
        problem("", "unexpected \"" + word + "\"", "parameters are given as --name value");
        continue;
      }
      std::size_t equals = word.find('=');
      std::string name = word.substr(2, equals == word.npos ? word.npos : equals - 2);
      if (equals != word.npos) {
        option(name, word.substr(equals + 1));
      } else if (takes_next(name, i + 1 < words.size() ? &words[i + 1] : nullptr)) {
        option(name, words[++i]);
      } else {
        bare(name);
      }
    }
  }

  std::vector<ParameterValue> values() {
    for (auto& [spec, given] : options_) given_[spec] = std::move(given);
    std::vector<ParameterValue> result;
    for (const ParameterSpec& spec : specs_) value(spec, result);
    if (!problems_.empty()) throw error_of(ErrorCode::usage, "parameters", problems_);
    return result;
  }

 private:
  std::vector<FileParameter> read(const std::string& path) {
    try {
      return read_parameter_file(path);
    } catch (const Error& e) {
      problem("--params", e.message(), e.hint());
      return {};
    }
  }

  const ParameterSpec* find(std::string_view name) const {
    auto it = by_name_.find(normal(name));
    return it == by_name_.end() ? nullptr : it->second;
  }

  /// The boolean that --no-NAME switches off, unless a parameter is really called so.
  const ParameterSpec* negated(std::string_view name) const {
    std::string plain = normal(name);
    if (find(name) || !plain.starts_with("no_")) return nullptr;
    const ParameterSpec* spec = find(plain.substr(3));
    return spec && spec->type == ParameterType::boolean ? spec : nullptr;
  }

  const ParameterSpec* known(const std::string& name, const std::string& place) {
    const ParameterSpec* spec = find(name);
    if (!spec) {
      std::vector<std::string> names;
      for (const ParameterSpec& s : specs_) names.push_back(s.name);
      problem(place, "unknown parameter \"" + name + "\"", suggestion(normal(name), names));
    }
    return spec;
  }

  bool takes_next(const std::string& name, const std::string* next) const {
    if (!next || negated(name)) return false;
    const ParameterSpec* spec = find(name);
    if (spec && spec->type == ParameterType::boolean) return truth_of(*next).has_value();
    return !next->starts_with("--");
  }

  void option(const std::string& name, const std::string& text) {
    if (const ParameterSpec* off = negated(name)) {
      if (!text.empty()) return problem("--" + name, "takes no value", "");
      options_[off].push_back({"false", "--" + name});
    } else if (const ParameterSpec* spec = known(name, "--" + name)) {
      bool alone = spec->type == ParameterType::boolean && text.empty();
      options_[spec].push_back({alone ? "true" : text, "--" + name});
    }
  }

  void bare(const std::string& name) {
    const ParameterSpec* spec = find(name);
    bool needs_value = spec && spec->type != ParameterType::boolean;
    if (!needs_value) return option(name, "");
    problem("--" + name, "needs a value", "write --" + name + "=… when it begins with --");
    failed_.push_back(spec);
  }

  void value(const ParameterSpec& spec, std::vector<ParameterValue>& result) {
    if (std::find(failed_.begin(), failed_.end(), &spec) != failed_.end()) return;
    auto it = given_.find(&spec);
    if (it == given_.end()) {
      if (spec.default_value) return result.push_back({spec.name, *spec.default_value, "default"});
      if (spec.required) problem("--" + spec.name, "is required", spec.help);
      return;
    }
    const std::string& source = it->second.back().source;
    try {
      result.push_back({spec.name, parse_given(spec, it->second), source});
    } catch (const Error& e) {
      std::string place = source.starts_with("--") ? source : source + ": " + spec.name;
      problem(place, e.message(), !e.hint().empty() ? e.hint() : spec.check.empty() ? "" : "expected " + spec.check);
    }
  }

  void problem(std::string place, std::string message, std::string fix) {
    problems_.push_back({"", std::move(place), std::move(message), std::move(fix)});
  }

  const std::vector<ParameterSpec>& specs_;
  std::map<std::string, const ParameterSpec*> by_name_;
  std::map<const ParameterSpec*, std::vector<Given>> given_, options_;
  std::vector<const ParameterSpec*> failed_;  ///< already reported
  std::vector<Diagnostic> problems_;
};

}  // namespace

std::string_view name_of(ParameterType type) {
  switch (type) {
    case ParameterType::boolean: return "bool";
    case ParameterType::integer: return "int";
    case ParameterType::real: return "float";
    case ParameterType::text: return "text";
    case ParameterType::path: return "path";
    case ParameterType::choice: return "choice";
    case ParameterType::list: return "list";
    case ParameterType::json: return "json";
    case ParameterType::file: return "file";
  }
  return "unknown";
}

std::map<std::string, std::string> parameter_environment(const char* const* environment) {
  constexpr std::string_view prefix = "BACKLOT_PARAM_";
  std::map<std::string, std::string> found;
  for (; environment && *environment; ++environment) {
    std::string_view entry = *environment;
    std::size_t equals = entry.find('=');
    if (!entry.starts_with(prefix) || equals == entry.npos || equals <= prefix.size()) continue;
    found.emplace(entry.substr(prefix.size(), equals - prefix.size()), entry.substr(equals + 1));
  }
  return found;
}

std::vector<ParameterValue> resolve_parameters(const std::vector<ParameterSpec>& specs, const ParameterSources& given) {
  Gatherer gatherer(specs);
  gatherer.files(given.files);
  gatherer.environment(given.environment);
  gatherer.options(given.options);
  gatherer.arguments(given.arguments);
  return gatherer.values();
}

}  // namespace backlot
