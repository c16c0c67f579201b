// Names from code: of a member, of a type, or of a text given as a template argument.
#pragma once
#include <cstddef>
#include <string_view>

namespace backlot {

namespace naming {

/// What stands behind `from` in a compiler's text of a function, up to the first of `stops`.
consteval std::string_view cut(std::string_view text, std::string_view from, std::string_view stops) {
  text = text.substr(text.find(from) + from.size());
  return text.substr(0, text.find_first_of(stops));
}

}  // namespace naming

/// "start" of &MovieStats::start, "large" of Size::large, "3" of 3.
template <auto M>
consteval std::string_view name_of() {
  std::string_view name = naming::cut(__PRETTY_FUNCTION__, "M = ", ";]");
  while (name.back() == ')') name.remove_suffix(1);
  return name.substr(name.rfind(':') + 1);
}

/// "MovieStats" of flows::MovieStats.
template <class T>
consteval std::string_view name_of_type() {
  std::string_view name = naming::cut(__PRETTY_FUNCTION__, "T = ", ";]");
  std::string_view before_arguments = name.substr(0, name.find('<'));
  return name.substr(before_arguments.rfind(':') + 1);
}

/// A constant as a template argument: of any value, and of texts: step<"clean">, when<"full">.
template <class T>
struct Key {
  T value;
  constexpr Key(T v) : value(v) {}
};
template <std::size_t N>
struct Key<char[N]> {
  char value[N]{};
  constexpr Key(const char (&text)[N]) {
    for (std::size_t i = 0; i < N; ++i) value[i] = text[i];
  }
};
template <class T>
Key(T) -> Key<T>;
template <std::size_t N>
Key(const char (&)[N]) -> Key<char[N]>;

}  // namespace backlot
