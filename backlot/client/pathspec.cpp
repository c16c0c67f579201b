#include "backlot/client/pathspec.h"

#include <charconv>
#include <vector>

#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr char shape[] = "a pathspec is Flow/run/step/task/artifact, or the first parts of it";

[[noreturn]] void refuse(std::string_view text, const std::string& what) {
  throw Error(ErrorCode::usage, "\"" + std::string(text) + "\": " + what, shape);
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::string_view rest = text;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::vector<std::string_view> parts;
  for (std::size_t slash; (slash = rest.find('/')) != rest.npos; rest.remove_prefix(slash + 1)) {
    parts.push_back(rest.substr(0, slash));
  }
  parts.push_back(rest);
  for (std::string_view part : parts) {
    if (part.empty()) refuse(text, parts.size() == 1 ? "is empty" : "has an empty part");
  }
  return parts;
}

/// A number from 1 on, in decimal digits only.
std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

bool is_task(std::string_view part) { return part[0] == '[' || (part[0] >= '0' && part[0] <= '9'); }

}  // namespace

Pathspec Pathspec::parse(std::string_view text) {
  std::vector<std::string_view> parts = parts_of(text);
  Pathspec spec;
  spec.flow = parts[0];
  if (parts.size() > 1) {
    auto id = number(parts[1]);
    if (!id && parts[1] != "last") refuse(text, "\"" + std::string(parts[1]) + "\" is no run: a number or `last`");
    if (id) spec.run = *id;
    if (!id) spec.run = LastRun{};
  }
  if (parts.size() > 2) spec.step = parts[2];
  std::size_t next = 3;
  if (parts.size() > next && is_task(parts[next])) {
    auto task_number = number(parts[next]);
    auto path = IndexPath::parse(parts[next]);
    if (!task_number && !path) {
      refuse(text, "\"" + std::string(parts[next]) + "\" is no task: a number such as 17 or a path such as [3.17]");
    }
    if (task_number) spec.task = *task_number;
    if (path) spec.task = *path;
    ++next;
  }
  if (parts.size() > next) spec.artifact = parts[next++];
  if (parts.size() > next) refuse(text, "nothing can follow \"" + std::string(parts[next - 1]) + "\"");
  return spec;
}

std::string Pathspec::text() const {
  std::string result = flow;
  if (run) result += "/" + (std::holds_alternative<LastRun>(*run) ? "last" : std::to_string(std::get<1>(*run)));
  if (!step.empty()) result += "/" + step;
  if (task) result += "/" + (task->index() == 0 ? std::to_string(std::get<0>(*task)) : std::get<1>(*task).text());
  if (!artifact.empty()) result += "/" + artifact;
  return result;
}

}  // namespace backlot
