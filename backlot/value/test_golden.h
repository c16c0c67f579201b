// For the tests of formats: golden files, each one line of hex. With BACKLOT_WRITE_GOLDEN=1 in the environment those
// that are missing are written; existing ones are never changed.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace backlot {

inline std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

inline std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

/// The bytes in "<path>.hex"; empty, and a failure of the test, when it is missing.
inline std::string golden(const std::string& path, const std::string& today) {
  const std::string file = path + ".hex";
  if (!std::filesystem::exists(file) && std::getenv("BACKLOT_WRITE_GOLDEN")) std::ofstream(file) << hex(today) << "\n";
  std::ifstream in(file);
  std::string text;
  EXPECT_TRUE(std::getline(in, text)) << file << " is missing";
  return from_hex(text);
}

}  // namespace backlot
