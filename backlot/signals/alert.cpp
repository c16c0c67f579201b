#include "backlot/signals/alert.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "backlot/base/error.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals {
namespace {

using Json = nlohmann::json;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size();
}

/// Where operators stand outside of brackets and quotes.
struct Tops {
  struct Operator {
    std::size_t begin, size;
  };
  std::vector<Operator> comparisons;
  bool joins = false;  ///< and, or, unless

  explicit Tops(std::string_view text) {
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (quote) {
        if (c == '\\') ++i;
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'' || c == '`') {
        quote = c;
      } else if (c == '(' || c == '{' || c == '[') {
        ++depth;
      } else if (c == ')' || c == '}' || c == ']') {
        --depth;
      } else if (depth == 0 && (c == '<' || c == '>' || c == '=' || c == '!')) {
        const std::size_t size = i + 1 < text.size() && text[i + 1] == '=' ? 2 : 1;
        comparisons.push_back({i, size});
        i += size - 1;
      } else if (depth == 0 && (i == 0 || text[i - 1] == ' ' || text[i - 1] == ')')) {
        for (std::string_view word : {"and", "or", "unless"}) {
          const bool ends =
              i + word.size() >= text.size() || text[i + word.size()] == ' ' || text[i + word.size()] == '(';
          joins = joins || (text.substr(i).starts_with(word) && ends);
        }
      }
    }
  }
};

/// "%20" and "+" as what they stand for (application/x-www-form-urlencoded).
std::string form_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 3], value, 16).ptr == &text[i + 3]) {
      result += static_cast<char>(value);
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

/// The expression in ".../graph?g0.expr=…&g0.tab=1".
std::string expression_in(std::string_view address) {
  constexpr std::string_view field = "g0.expr=";
  const std::size_t at = address.find(field);
  if (at == address.npos) return "";
  address.remove_prefix(at + field.size());
  return form_decoded(address.substr(0, address.find('&')));
}

std::string text_in(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
}

Labels labels_in(const Json& object) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (object.is_object() && object.contains("labels") && object["labels"].is_object())
    for (auto& [name, value] : object["labels"].items())
      if (value.is_string()) pairs.emplace_back(name, value.get<std::string>());
  return Labels(std::move(pairs));
}

const Json& list_in(const Json& object, const char* name) {
  static const Json none = Json::array();
  return object.is_object() && object.contains(name) && object[name].is_array() ? object[name] : none;
}

}  // namespace

std::optional<std::string> without_comparison(std::string_view expression) {
  expression = trimmed(expression);
  while (expression.starts_with('(') && expression.ends_with(')') &&
         Tops(expression.substr(1, expression.size() - 2)).comparisons.size() == 1)
    expression = trimmed(expression.substr(1, expression.size() - 2));
  const Tops tops(expression);
  if (tops.joins || tops.comparisons.size() != 1) return std::nullopt;
  const auto [begin, size] = tops.comparisons[0];
  std::string_view left = trimmed(expression.substr(0, begin)), right = trimmed(expression.substr(begin + size));
  if (right.starts_with("bool ")) right = trimmed(right.substr(5));
  if (is_number(right) && !left.empty()) return std::string(left);
  if (is_number(left) && !right.empty()) return std::string(right);
  return std::nullopt;
}

std::vector<Alert> read_webhook(std::string_view bytes) {
  const Json json = Json::parse(bytes, nullptr, false);
  if (!json.is_object() || !json.contains("alerts"))
    throw Error(ErrorCode::invalid, "it is no body of Alertmanager's webhook: there are no \"alerts\"");
  std::vector<Alert> alerts;
  for (const Json& one : list_in(json, "alerts")) {
    Alert alert;
    alert.labels = labels_in(one);
    alert.name = alert.labels.value("alertname");
    alert.expression = expression_in(text_in(one, "generatorURL"));
    alert.active_at = time_of(text_in(one, "startsAt"));
    alerts.push_back(std::move(alert));
  }
  if (alerts.empty()) throw Error(ErrorCode::invalid, "the webhook's body has no alert");
  return alerts;
}

Alert read_rule(std::string_view bytes, std::string_view name) {
  const Json json = Json::parse(bytes, nullptr, false);
  if (!json.is_object() || !json.contains("data")) throw Error(ErrorCode::invalid, "it is no answer of /api/v1/rules");
  std::string known;
  for (const Json& group : list_in(json["data"], "groups")) {
    for (const Json& rule : list_in(group, "rules")) {
      if (text_in(rule, "type") != "alerting") continue;
      known += (known.empty() ? "" : ", ") + text_in(rule, "name");
      if (text_in(rule, "name") != name) continue;
      Alert alert;
      alert.name = name;
      alert.expression = text_in(rule, "query");
      alert.labels = labels_in(rule);
      if (rule.contains("duration") && rule["duration"].is_number())
        alert.held = static_cast<Nanos>(rule["duration"].get<double>() * 1e9);
      for (const Json& active : list_in(rule, "alerts")) {
        auto at = time_of(text_in(active, "activeAt"));
        if (at && (!alert.active_at || *at < *alert.active_at)) alert.active_at = at;
      }
      return alert;
    }
  }
  throw Error(ErrorCode::not_found, "there is no alert '" + std::string(name) + "'",
              known.empty() ? "the server has no alerting rules" : "there are " + known);
}

}  // namespace backlot::signals
