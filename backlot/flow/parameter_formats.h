// The formats of parameter files, one a source file; and what they share.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/flow/parameter_files.h"
#include "backlot/value/not_finite.h"

namespace backlot::parameter_format {

std::vector<FileParameter> parse_json(const std::string& path, std::string_view text);
std::vector<FileParameter> parse_toml(const std::string& path, std::string_view text);
std::vector<FileParameter> parse_yaml(const std::string& path, std::string_view text);

/// "p.toml:3"; the path alone when the line is not known (0).
inline std::string at_line(const std::string& path, long line) {
  return line > 0 ? path + ":" + std::to_string(line) : path;
}

[[noreturn]] inline void refuse(const std::string& place, const std::string& message, const std::string& hint = {}) {
  throw Error(ErrorCode::usage, place + ": " + message, hint);
}

/// Guards a conversion against what is nested too deeply or, by aliases, too large.
class ParseBudget {
 public:
  explicit ParseBudget(std::string path) : path_(std::move(path)) {}
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

/// A float as JSON: one that is no number as the text that stands for it.
template <class Json>
Json json_of_real(double value) {
  std::string_view name = not_finite_name(value);
  return name.empty() ? Json(value) : Json(name);
}

/// A value of nlohmann's as text.
template <class Json>
std::string dump(const Json& value, const std::string& place) {
  try {
    return value.dump();
  } catch (const typename Json::type_error&) { refuse(place, "text that is not UTF-8"); }
}

}  // namespace backlot::parameter_format
