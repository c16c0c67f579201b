// Numbers of one meaning each: of a node, of a task, of a launch. None is taken for another one, nor for a count.
#pragma once
#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>

namespace backlot {

/// Made from an integer and read as one explicitly only; compared and hashed as one. `Tag` tells the meanings apart.
template <class Tag, std::integral Int>
class StrongNumber {
 public:
  constexpr StrongNumber() = default;
  constexpr explicit StrongNumber(std::integral auto value) : value_(static_cast<Int>(value)) {}

  /// To be printed or stored.
  constexpr Int value() const { return value_; }
  /// As a place in a list.
  constexpr std::size_t index() const { return static_cast<std::size_t>(value_); }
  constexpr StrongNumber& operator++() {
    ++value_;
    return *this;
  }
  constexpr auto operator<=>(const StrongNumber&) const = default;

 private:
  Int value_ = 0;
};

}  // namespace backlot

template <class Tag, std::integral Int>
struct std::hash<backlot::StrongNumber<Tag, Int>> {
  std::size_t operator()(backlot::StrongNumber<Tag, Int> number) const { return std::hash<Int>()(number.value()); }
};
