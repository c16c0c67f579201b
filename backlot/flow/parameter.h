// Parameters as data: what a flow accepts, and the one place that reads and checks what a user gave.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/value/reference.h"

namespace backlot {

enum class ParameterType : std::uint8_t { boolean, integer, real, text, path, choice, list, json, file };
std::string_view name_of(ParameterType type);

struct ParameterSpec {
  std::string name;  ///< as the flow's field; the option is --name (also with - for _)
  ParameterType type = ParameterType::text;
  std::string help;
  bool required = false;
  std::string default_text;                ///< how --help prints the default
  std::optional<Reference> default_value;  ///< what it is when nothing is given; empty: it stays unset
  std::vector<std::string> choices;        ///< choice: what is allowed
  std::string check;                       ///< "from 0 to 1": printed in help and errors
  /// JSON text of the value -> its reference (always inlined here; the caller stores what is large).
  /// Throws Error invalid, saying what was expected.
  std::function<Reference(const std::string& json)> parse;
};

/// What the user gave, before it was understood.
struct ParameterSources {
  std::vector<std::pair<std::string, std::string>> options;  ///< from --name value, in order; names without dashes
  std::map<std::string, std::string> environment;            ///< BACKLOT_PARAM_NAME, prefix removed
  std::vector<std::string> files;                            ///< --params: JSON, TOML or YAML by extension
  /// Words of a command line not yet understood: "--name value", "--name=value", "--flag", "--no-flag".
  std::vector<std::string> arguments;
};

struct ParameterValue {
  std::string name;
  Reference value;
  std::string source;  ///< "--rows", "BACKLOT_PARAM_ROWS", "p.toml", "default"
};

/// What the environment (as of `environ`) gives: its BACKLOT_PARAM_… entries, prefix removed.
std::map<std::string, std::string> parameter_environment(const char* const* environment);

/// Options win over the environment, which wins over files; a later file wins over an earlier one. Throws one Error
/// `usage` that lists every unknown name (with the nearest known one), wrong value and missing required parameter.
/// Parameters without value and default are left out when not required. The result is in the order of `specs`.
///
/// Names may be written with - or _; those of the environment also in capitals. An option given twice is refused,
/// but for a list, where each gives one item; a list may also be given whole, as JSON. `--flag` and `--no-flag` set a
/// boolean, as does a word after it that is true, false, yes, no, on, off, 1 or 0. A file is one object, table or map
/// of parameters; the same key twice is refused. A float may be nan, inf or -inf: as a word, as TOML and YAML write it,
/// and in JSON as a text. Unknown names in the environment may be another flow's: ignored.
std::vector<ParameterValue> resolve_parameters(const std::vector<ParameterSpec>& specs, const ParameterSources& given);

}  // namespace backlot
