#include "backlot/cli/parameter_help.h"

#include <algorithm>

namespace backlot::cli {
namespace {

std::string option_of(const ParameterSpec& spec) {
  std::string name = spec.name;
  std::replace(name.begin(), name.end(), '_', '-');
  std::string type(name_of(spec.type));
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::toupper(c); });
  return spec.type == ParameterType::boolean ? "--" + name + ", --no-" + name : "--" + name + " " + type;
}

std::string notes_on(const ParameterSpec& spec) {
  std::string notes;
  auto add = [&](const std::string& note) { notes += (notes.empty() ? "" : "; ") + note; };
  if (spec.required) add("required");
  if (!spec.check.empty()) add(spec.check);
  std::string choices;
  for (const std::string& choice : spec.choices) choices += (choices.empty() ? "" : ", ") + choice;
  if (!choices.empty()) add("one of " + choices);
  if (!spec.default_text.empty()) add("default " + spec.default_text);
  return notes.empty() ? "" : " (" + notes + ")";
}

}  // namespace

std::string parameter_help(const FlowCode& flow) {
  std::size_t width = 0;
  for (const ParameterSpec& spec : flow.parameters()) width = std::max(width, option_of(spec).size());
  std::string text = "\nParameters of " + flow.name() + ":\n";
  for (const ParameterSpec& spec : flow.parameters()) {
    std::string option = option_of(spec);
    text += "  " + option + std::string(width - option.size() + 2, ' ') + spec.help + notes_on(spec) + "\n";
  }
  return flow.parameters().empty() ? "" : text;
}

}  // namespace backlot::cli
