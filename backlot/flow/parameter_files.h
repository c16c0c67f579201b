// Reads a file of parameters. JSON, TOML and YAML all become JSON texts, one a parameter.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

struct FileParameter {
  std::string name;  ///< as written
  std::string json;
  std::string place;           ///< "p.toml:3"; without the line where the format's library does not tell it
  bool is_not_finite = false;  ///< a nan or inf of TOML or YAML, which JSON says as a text
};

/// The limits of a parameter file: what is above them is refused.
inline constexpr std::size_t parameter_file_limit = 64 << 20;  ///< bytes
inline constexpr int parameter_depth_limit = 100;              ///< containers in containers
inline constexpr std::size_t parameter_count_limit = 1 << 20;  ///< values, after YAML aliases are expanded

/// Reads `path`, a regular file or a pipe; its extension (.json, .toml, .yaml, .yml) says how.
/// Throws Error not_found, io or usage (naming file and line).
std::vector<FileParameter> read_parameter_file(const std::string& path);

/// The same for text already read; `path` is for its extension and for messages.
std::vector<FileParameter> parse_parameter_file(const std::string& path, std::string_view text);

}  // namespace backlot
