// Any bytes as a parameter file are refused with an Error, or become JSON that parses.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "backlot/base/error.h"
#include "backlot/flow/parameter_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const char* const names[] = {"p.json", "p.toml", "p.yaml"};
  std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    for (auto& p : backlot::parse_parameter_file(names[data[0] % 3], text)) {
      if (!nlohmann::json::accept(p.json)) std::abort();
    }
  } catch (const backlot::Error&) {}
  return 0;
}
