#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "backlot/flow/parameter_formats.h"

namespace backlot::parameter_format {
namespace {

using Json = nlohmann::ordered_json;

std::string position_in(const std::string& path, std::string_view text, std::size_t byte) {
  std::string_view before = text.substr(0, std::min(byte, text.size()));
  return at_line(path, 1 + std::count(before.begin(), before.end(), '\n'));
}

/// Refuses what nlohmann's parser would accept: the same key twice, and depth that overflows the stack later.
class JsonGuard {
 public:
  explicit JsonGuard(std::string path) : budget_(path), path_(std::move(path)) {}
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) refuse(path_, "key \"" + key + "\" is there twice");
    } else {
      budget_.enter(depth, 0);
    }
    return true;
  }

 private:
  ParseBudget budget_;
  std::string path_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

std::vector<FileParameter> parse_json(const std::string& path, std::string_view text) {
  Json root;
  try {
    root = Json::parse(text.begin(), text.end(), JsonGuard(path));
  } catch (const Json::parse_error& e) {
    refuse(position_in(path, text, e.byte ? e.byte - 1 : 0), "not JSON");  // its own text would quote the file
  } catch (const Json::out_of_range&) { refuse(path, "a number too large for a float"); }
  if (!root.is_object()) refuse(path, "must be one JSON object of parameters");
  std::vector<FileParameter> found;
  for (auto& [name, value] : root.items()) found.push_back({name, dump(value, path), path});
  return found;
}

}  // namespace backlot::parameter_format
