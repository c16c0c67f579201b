// Bytes that are no text.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace backlot {

struct Bytes : std::vector<std::byte> {
  using std::vector<std::byte>::vector;

  std::string_view view() const { return {reinterpret_cast<const char*>(data()), size()}; }
  static Bytes of(std::string_view bytes) {
    auto begin = reinterpret_cast<const std::byte*>(bytes.data());
    return Bytes(begin, begin + bytes.size());
  }
};

}  // namespace backlot
