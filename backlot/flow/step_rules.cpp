#include "backlot/flow/step_rules.h"

#include <algorithm>
#include <array>

namespace backlot {

namespace {

constexpr int most_retries = 1000;
constexpr double largest_backoff = 1000;
constexpr int largest_priority = 1000;
constexpr double most_cores = 65536;
constexpr Duration longest_wait = std::chrono::hours(24 * 366);
constexpr std::array reserved_names = {std::string_view("_parameters"), std::string_view("fields"),
                                       std::string_view("graph")};

bool is_wait(Duration d) { return d >= Duration(0) && d <= longest_wait; }
/// False for NaN too.
bool is_within(double low, double x, double high) { return low <= x && x <= high; }

class StepRules {
 public:
  StepRules(const Node& step, std::vector<Diagnostic>& found) : step_(step), with_(step.with), found_(found) {}

  void check() {
    check_name();
    check_retry();
    check_limits();
    check_environment();
    if (!with_.catch_into.empty() && !is_identifier(with_.catch_into))
      report("catch-into", "it catches into '" + with_.catch_into + "', which is no artifact", "name a text artifact");
  }

 private:
  void report(const char* rule, std::string message, std::string fix) {
    found_.push_back({rule, step_.name, std::move(message), std::move(fix)});
  }

  void check_name() {
    const std::string& name = step_.name;
    if (!is_identifier(name))
      report("name", "'" + name + "' is no name for a step", "use letters, digits and _, and begin with no digit");
    else if (std::count(reserved_names.begin(), reserved_names.end(), name) > 0)
      report("name", "the name '" + name + "' is reserved", "give the step another name");
  }

  void check_retry() {
    const Retry& r = with_.retry;
    if (r.times < 0 || r.times > most_retries)
      report("retry", "it is retried " + std::to_string(r.times) + " times", "let times be from 0 to 1000");
    if (!is_wait(r.delay))
      report("retry", "its retry delay is " + std::to_string(r.delay.count()) + " ms", "let it be from 0 to 366 days");
    if (!is_within(1, r.backoff, largest_backoff))
      report("retry", "its retry backoff is " + std::to_string(r.backoff), "let it be from 1 to 1000");
    if (!is_within(0, r.jitter, 1))
      report("retry", "its retry jitter is " + std::to_string(r.jitter), "let it be from 0 to 1");
    if (r.times > 0 && (r.kinds & Retry::all_failures) == 0)
      report("retry", "it is retried on no kind of failure", "name one; a cancelled task is never retried");
  }

  void check_limits() {
    if (!is_wait(with_.timeout))
      report("timeout", "its timeout is " + std::to_string(with_.timeout.count()) + " ms",
             "let it be from 0 (none) to 366 days");
    if (with_.priority < -largest_priority || with_.priority > largest_priority)
      report("priority", "its priority is " + std::to_string(with_.priority), "let it be from -1000 to 1000");
    if (!is_within(0, with_.resources.cpu, most_cores))
      report("resources", "it asks for " + std::to_string(with_.resources.cpu) + " cores",
             "let cpu be from 0 to 65536");
    if (with_.resources.gpu < 0)
      report("resources", "it asks for " + std::to_string(with_.resources.gpu) + " gpus", "let gpu be at least 0");
  }

  void check_environment() {
    for (auto& [key, value] : with_.environment)
      if (key.empty() || key.find_first_of(std::string_view("=\0", 2)) != key.npos)
        report("environment", "'" + key + "' is no name of an environment variable", "use a name without '='");
  }

  const Node& step_;
  const Decorators& with_;
  std::vector<Diagnostic>& found_;
};

}  // namespace

bool is_identifier(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

void check_step(const Node& step, std::vector<Diagnostic>& found) { StepRules(step, found).check(); }

}  // namespace backlot
