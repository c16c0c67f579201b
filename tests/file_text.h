// For the rules of the house: what stands in a file.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

inline std::string file_text(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}
