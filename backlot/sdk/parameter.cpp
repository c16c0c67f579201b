#include "backlot/sdk/parameter.h"

#include <algorithm>
#include <charconv>

#include "backlot/base/files.h"
#include "backlot/sdk/scratch_blobs.h"
#include "backlot/value/to_json.h"

namespace backlot::sdk {

std::string number_text(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

OneOf::operator Check<std::string>() const {
  std::string says = "one of";
  for (auto& t : texts) says += " " + t;
  return {says, [all = texts](const std::string& value) { return std::count(all.begin(), all.end(), value) > 0; },
          texts};
}

void check_parameter(const ParameterInfo& info, const void* value) {
  if (info.accepts && !info.accepts(value)) throw Error(ErrorCode::invalid, "must be " + info.says);
}

FileContent read_content(const std::string& path) {
  auto file = system_files().open(path, OpenMode::read);
  std::string text = file->read(0, static_cast<std::size_t>(file->size()));
  return {Bytes::of(text)};
}

std::size_t find_choice(const std::vector<std::string>& choices, const std::string& name) {
  auto found = std::find(choices.begin(), choices.end(), name);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  std::string all;
  for (auto& c : choices) all += " " + c;
  throw Error(ErrorCode::invalid, "expected one of" + all + ", not \"" + name + "\"");
}

namespace {

std::string text_of(const ParameterKind& kind, const Reference& value, const void* typed) {
  if (kind.print) return kind.print(typed);
  ScratchBlobs none;
  ValueLoader loader(none);
  std::string json = to_json(value, loader);
  bool quoted = json.starts_with('"');  // a text, or a float such as "NaN"
  return quoted ? json.substr(1, json.size() - 2) : json;
}

std::shared_ptr<void> parse(const ParameterKind& kind, const std::string& json) {
  try {
    return kind.parse(json);
  } catch (const Error& e) {
    bool of_a_stored_value = e.code() == ErrorCode::wrong_type || e.code() == ErrorCode::corrupt;
    if (of_a_stored_value) throw Error(ErrorCode::invalid, e.message());  // but this one was given just now
    throw;
  }
}

}  // namespace

ParameterSpec describe_parameter(std::string_view name, const ParameterKind& kind, const ParameterInfo& info,
                                 const void* value) {
  ParameterSpec spec;
  spec.name = name;
  spec.type = info.choices.empty() ? kind.type : ParameterType::choice;
  spec.help = info.help;
  spec.required = info.required;
  spec.choices = info.choices.empty() ? kind.choices : info.choices;
  spec.check = info.says;
  if (value) {
    spec.default_value = inlined_value(*kind.ops, value);
    spec.default_text = text_of(kind, *spec.default_value, value);
  }
  spec.parse = [kind, info](const std::string& json) {
    auto parsed = parse(kind, json);
    check_parameter(info, parsed.get());
    return inlined_value(*kind.ops, parsed.get());
  };
  return spec;
}

}  // namespace backlot::sdk
