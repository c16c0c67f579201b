// The names of an enum's values: the enumerators from 0 to 63 are found.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlot/value/name.h"

namespace backlot {

template <class E>
class Enumerators {
 public:
  static const std::vector<std::string>& names() { return all().names; }
  static const std::vector<E>& values() { return all().values; }
  /// "" when the value is none of them.
  static std::string name_of(E value) {
    for (std::size_t i = 0; i < values().size(); ++i)
      if (values()[i] == value) return names()[i];
    return "";
  }
  static std::optional<E> find(std::string_view name) {
    for (std::size_t i = 0; i < names().size(); ++i)
      if (names()[i] == name) return values()[i];
    return std::nullopt;
  }

 private:
  struct All {
    std::vector<std::string> names;
    std::vector<E> values;
  };
  template <std::size_t I>
  static void add(All& all) {
    constexpr std::string_view name = backlot::name_of<static_cast<E>(I)>();
    if (name.find(')') != name.npos) return;  // "(Size)5": no enumerator has this value
    all.names.emplace_back(name);
    all.values.push_back(static_cast<E>(I));
  }
  static const All& all() {
    static const All found = [] {
      All all;
      [&]<std::size_t... I>(std::index_sequence<I...>) { (add<I>(all), ...); }
      (std::make_index_sequence<64>{});
      return all;
    }();
    return found;
  }
};

}  // namespace backlot
