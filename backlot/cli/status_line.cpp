#include "backlot/cli/status_line.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "backlot/cli/terminal.h"

namespace backlot::cli {
namespace {

constexpr std::uint64_t bar_cells = 10;
constexpr const char* between = "   ";

std::string bar(const StepCount& step) {
  std::string text = "▕";
  std::uint64_t full = step.done * bar_cells / step.total;
  for (std::uint64_t i = 0; i < bar_cells; ++i) text += i < full ? "█" : "░";
  return text + "▏";
}

std::string retry(const StepCount& step) { return "retry in " + duration_text(step.retry_in * 1'000'000); }

std::string one_task(const StepCount& step) {
  if (step.failed) return "✗";
  if (step.done) return "✓";
  if (step.retry_in >= 0) return retry(step);
  if (step.share < 0) return "…";
  return std::to_string(std::lround(100 * step.share)) + " %" + (step.note.empty() ? "" : " " + printable(step.note));
}

std::string many_tasks(const StepCount& step) {
  std::string text = bar(step) + " " + std::to_string(step.done) + "/" + std::to_string(step.total);
  if (step.failed) text += " " + std::to_string(step.failed) + " ✗";
  return step.retry_in >= 0 ? text + " " + retry(step) : text;
}

struct Part {
  std::string text;
  bool over;
};

std::string joined(const std::string& title, bool shortened, const std::deque<Part>& parts, const std::string& time) {
  std::string line = shortened ? title + between + "…" : title;
  for (const Part& part : parts) line += between + part.text;
  return time.empty() ? line : line + between + time;
}

}  // namespace

std::string status_line(const std::string& title, const Graph& graph, const std::vector<StepCount>& steps,
                        const std::string& time, std::size_t columns) {
  std::deque<Part> parts;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepCount& step = steps[i];
    if (step.total == 0) continue;
    parts.push_back({graph.nodes[i].name + " " + (step.total > 1 ? many_tasks(step) : one_task(step)),
                     step.done == step.total && step.running == 0});
  }
  std::string line = joined(title, false, parts, time);
  while (columns > 0 && columns_of(line) > columns) {
    auto over = std::find_if(parts.begin(), parts.end(), [](const Part& p) { return p.over; });
    if (over == parts.end()) return cut_to_columns(line, columns);
    parts.erase(over);
    line = joined(title, true, parts, time);
  }
  return line;
}

}  // namespace backlot::cli
