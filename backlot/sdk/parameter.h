// Parameter<T>: a named input of a run, fixed before the first task.
#pragma once
#include <concepts>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "backlot/flow/parameter.h"
#include "backlot/sdk/artifact.h"
#include "backlot/value/enumerators.h"
#include "backlot/value/fields.h"

namespace backlot {

/// A parameter that is given as a path and arrives as the file's content, which is all that the run keeps of it: the
/// same content at another path is the same parameter.
struct FileContent {
  Bytes content;
  std::string_view text() const { return {reinterpret_cast<const char*>(content.data()), content.size()}; }
  bool operator==(const FileContent&) const = default;
  BACKLOT_FIELDS(content)
};

/// What a parameter must satisfy, in words and as code: {"an even number", [](int n) { return n % 2 == 0; }}.
template <class T>
struct Check {
  std::string says;
  std::function<bool(const T&)> accepts;
  std::vector<std::string> choices{};  ///< all that is accepted, when it is few texts
};

namespace sdk {

/// "3", "0.5", "1e+06".
std::string number_text(double number);

template <class A>
struct Between {
  A low, high;
  template <class T>
  operator Check<T>() const {
    return {"from " + number_text(double(low)) + " to " + number_text(double(high)),
            [*this](const T& value) { return low <= value && value <= high; }};
  }
};
template <class A>
struct AtLeast {
  A low;
  template <class T>
  operator Check<T>() const {
    return {"at least " + number_text(double(low)), [*this](const T& value) { return low <= value; }};
  }
};
struct OneOf {
  std::vector<std::string> texts;
  operator Check<std::string>() const;
};

/// What a parameter is besides its value, shared by all copies.
struct ParameterInfo {
  std::string help;
  bool required = false;
  std::string says;
  std::vector<std::string> choices;
  std::function<bool(const void*)> accepts;
};

/// Throws Error invalid when the value is not accepted.
void check_parameter(const ParameterInfo& info, const void* value);

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
consteval ParameterType parameter_type() {
  if constexpr (std::is_same_v<T, bool>)
    return ParameterType::boolean;
  else if constexpr (std::is_integral_v<T>)
    return ParameterType::integer;
  else if constexpr (std::is_floating_point_v<T>)
    return ParameterType::real;
  else if constexpr (std::is_same_v<T, std::string>)
    return ParameterType::text;
  else if constexpr (std::is_same_v<T, std::filesystem::path>)
    return ParameterType::path;
  else if constexpr (std::is_enum_v<T>)
    return ParameterType::choice;
  else if constexpr (std::is_same_v<T, FileContent>)
    return ParameterType::file;
  else if constexpr (is_vector<T>)
    return ParameterType::list;
  else
    return ParameterType::json;
}

/// The file at `path`. Throws Error not_found or io.
FileContent read_content(const std::string& path);
/// Throws Error invalid that lists the choices.
std::size_t find_choice(const std::vector<std::string>& choices, const std::string& name);

template <class T>
T from_json(const std::string& json) {
  return std::move(*static_cast<T*>(value_ops<T>().from_json(json).get()));
}

/// A value from the text that stands for it: the name of an enumerator, the path of a file.
template <class T>
T from_text(const std::string& text) {
  if constexpr (std::is_enum_v<T>)
    return Enumerators<T>::values().at(find_choice(Enumerators<T>::names(), text));
  else
    return read_content(text);
}
template <class T>
inline constexpr bool is_given_as_text = std::is_enum_v<T> || std::is_same_v<T, FileContent>;

template <class T>
std::shared_ptr<void> parse_parameter(const std::string& json) {
  if constexpr (is_given_as_text<T>) return std::make_shared<T>(from_text<T>(from_json<std::string>(json)));
  if constexpr (is_vector<T>)
    if constexpr (is_given_as_text<typename T::value_type>) {
      auto all = std::make_shared<T>();
      for (auto& text : from_json<std::vector<std::string>>(json))
        all->push_back(from_text<typename T::value_type>(text));
      return all;
    }
  return value_ops<T>().from_json(json);
}

/// What parameters of one type have in common.
struct ParameterKind {
  ParameterType type;
  const ValueOps* ops;
  std::shared_ptr<void> (*parse)(const std::string& json);
  std::vector<std::string> choices{};
  std::string (*print)(const void* value) = nullptr;  ///< null: as JSON
};

template <class T>
ParameterKind parameter_kind() {
  ParameterKind kind{parameter_type<T>(), &value_ops<T>(), &parse_parameter<T>};
  if constexpr (std::is_enum_v<T>) {
    kind.choices = Enumerators<T>::names();
    kind.print = [](const void* value) { return Enumerators<T>::name_of(*static_cast<const T*>(value)); };
  }
  if constexpr (std::is_same_v<T, FileContent>)
    kind.print = [](const void* value) {
      return "a file of " + std::to_string(static_cast<const FileContent*>(value)->content.size()) + " bytes";
    };
  return kind;
}

/// The description of a parameter as data. `value` is its default, null when it has none.
ParameterSpec describe_parameter(std::string_view name, const ParameterKind& kind, const ParameterInfo& info,
                                 const void* value);

}  // namespace sdk

template <class A>
sdk::Between<A> between(A low, A high) {
  return {low, high};
}
template <class A>
sdk::AtLeast<A> at_least(A low) {
  return {low};
}
sdk::OneOf one_of(std::convertible_to<std::string> auto... texts) { return {{std::string(texts)...}}; }

/// A named input of a run: what it is for, then its default, then what it must satisfy.
///   Parameter<int> rows{"Rows to read", 10, at_least(1)};          // has a default
///   Parameter<std::string> input{"What to read"};                  // required
///   Parameter<double> limit{"Largest loss", std::nullopt};         // may be left out: ask has()
/// T is bool, an integer, double, std::string, std::filesystem::path, an enum, FileContent, a vector of those, or
/// anything with BACKLOT_FIELDS (given as JSON).
template <class T>
class Parameter : public sdk::Slot {
 public:
  using value_type = T;
  explicit Parameter(std::string help, Check<T> check = {})
      : info_(describe(std::move(help), true, std::move(check))) {}
  Parameter(std::string help, std::optional<T> fallback, Check<T> check = {})
      : info_(describe(std::move(help), false, std::move(check))) {
    if (fallback) *this = std::move(*fallback);
  }

  const T& operator*() const { return *static_cast<const T*>(get(value_ops<T>())); }
  const T* operator->() const { return &**this; }
  /// For unit tests. Throws Error invalid when the check does not accept it.
  Parameter& operator=(T value) {
    sdk::check_parameter(*info_, &value);
    set(std::make_shared<T>(std::move(value)));
    return *this;
  }

  /// For the engine: the description of a parameter of a fresh flow value.
  static ParameterSpec spec_of(const sdk::Slot& slot, std::string_view name) {
    auto& self = static_cast<const Parameter&>(slot);
    return sdk::describe_parameter(name, sdk::parameter_kind<T>(), *self.info_, self.peek(value_ops<T>()));
  }

 private:
  static std::shared_ptr<const sdk::ParameterInfo> describe(std::string help, bool required, Check<T> check) {
    auto info = std::make_shared<sdk::ParameterInfo>();
    info->help = std::move(help);
    info->required = required;
    info->says = std::move(check.says);
    info->choices = std::move(check.choices);
    if (check.accepts)
      info->accepts = [accepts = std::move(check.accepts)](const void* v) {
        return accepts(*static_cast<const T*>(v));
      };
    return info;
  }
  std::shared_ptr<const sdk::ParameterInfo> info_;
};

}  // namespace backlot
