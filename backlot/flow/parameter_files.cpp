#include "backlot/flow/parameter_files.h"

#include <fstream>

#include "backlot/flow/parameter_formats.h"

namespace backlot {

using namespace parameter_format;

std::vector<FileParameter> parse_parameter_file(const std::string& path, std::string_view text) {
  if (text.size() > parameter_file_limit) refuse(path, "larger than 64 MiB");
  if (path.ends_with(".json")) return parse_json(path, text);
  if (path.ends_with(".toml")) return parse_toml(path, text);
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return parse_yaml(path, text);
  refuse(path, "a parameter file must end in .json, .toml, .yaml or .yml");
}

std::vector<FileParameter> read_parameter_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw_system_error("open " + path);
  std::string text;
  char piece[64 << 10];
  while (in.read(piece, sizeof piece), in.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > parameter_file_limit) break;
  }
  if (in.bad()) throw_system_error("read " + path);
  return parse_parameter_file(path, text);
}

}  // namespace backlot
