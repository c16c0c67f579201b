// Bytes for the tests of the store.
#pragma once
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "backlot/base/error.h"

namespace backlot {

/// Bytes that do not compress; different for every seed and size.
inline std::string noise(std::size_t size, std::uint64_t seed = 0) {
  std::mt19937_64 random(size * 1000003 + seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

/// Bytes that compress well and are different in every chunk.
inline std::string prose(std::size_t size) {
  std::string text;
  text.reserve(size + 32);
  for (std::size_t line = 0; text.size() < size; ++line) text += "line " + std::to_string(line) + " of a long story\n";
  text.resize(size);
  return text;
}

/// The error that the action throws; code `internal` with the message "nothing" when it throws none.
inline Error error_from(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) { return e; }
  return {ErrorCode::internal, "nothing"};
}

}  // namespace backlot
