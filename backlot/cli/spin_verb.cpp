#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/home/home.h"
#include "backlot/verbs/bytes_text.h"
#include "backlot/verbs/spin.h"

namespace backlot::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  bool json = false;
};

Micros cpu_of(const verbs::SpinReport& report) { return report.usage.user_us + report.usage.system_us; }

void print_json(const verbs::SpinReport& report) {
  Json json{{"run", report.run}, {"step", report.step}, {"path", report.path.text()}};
  json["state"] = report.manifest.failure ? "failed" : "done";
  json["seconds"] = report.seconds;
  json["cpu_seconds"] = static_cast<double>(cpu_of(report)) / 1e6;
  if (const auto& failure = report.manifest.failure) {
    json["failure"] = {{"kind", name_of(failure->kind)},
                       {"type", failure->type},
                       {"message", failure->message},
                       {"place", failure->place}};
  }
  json["artifacts"] = Json::object();
  for (const client::Artifact& a : report.artifacts) json["artifacts"][a.name()] = Json::parse(a.json());
  print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_text(const verbs::SpinReport& report) {
  std::string where = report.step + (report.path.parts.empty() ? "" : report.path.text());
  bool colours = colours_on(STDOUT_FILENO);
  const auto& failure = report.manifest.failure;
  if (failure) {
    std::string place = failure->place.empty() ? "" : " (" + failure->place + ")";
    print(coloured("✗ " + where + ": " + describe(*failure) + place, Colour::red, colours) + "\n");
  } else {
    print(coloured("✓ ", Colour::green, colours) + where + " on the inputs of " + report.run + "   " +
          duration_text(static_cast<Micros>(report.seconds * 1e6)) + ", " + duration_text(cpu_of(report)) + " CPU\n");
  }
  Table table({"ARTIFACT", "TYPE", "SIZE", "VALUE"});
  for (const client::Artifact& a : report.artifacts) {
    table.add({a.name(), std::string(name_of(a.type())), verbs::bytes_text(a.size()), shortened(a.json())});
  }
  if (!report.artifacts.empty()) print(table);
}

/// The flow and the task that the words of a command line name.
std::pair<const FlowCode*, Pathspec> task_of(Context& context) {
  auto& words = context.rest;
  bool whole = !words.empty() && words.front().find('/') != std::string::npos;
  if (whole) {
    Pathspec task = Pathspec::parse(words.front());
    words.front() = task.flow;
    return {&context.take_flow(), task};
  }
  const FlowCode& flow = context.take_flow();
  Pathspec task{.flow = flow.name(), .run = LastRun{}, .step = {}, .task = {}, .artifact = {}};
  if (!words.empty()) {
    task.step = words.front();
    words.erase(words.begin());
  }
  return {&flow, task};
}

int spin(Context& context, const Options& options) {
  auto [flow, task] = task_of(context);
  if (task.flow != flow->name()) {
    throw Error(ErrorCode::usage, "this program is not of " + task.flow, "it has the flow " + flow->name());
  }
  bool good = !task.step.empty() && task.artifact.empty() && context.rest.empty();
  if (!good) {
    throw Error(ErrorCode::usage, "spin needs one step or task", "such as `spin STEP` or `spin FLOW/RUN/STEP/[3]`");
  }
  verbs::SpinReport report = verbs::spin(*flow, {find_home(), task}, [&options](Stream stream, std::string_view bytes) {
    std::FILE* to = stream == Stream::out && !options.json ? stdout : stderr;
    std::fwrite(bytes.data(), 1, bytes.size(), to);
    std::fflush(to);
  });
  options.json ? print_json(report) : print_text(report);
  return report.manifest.failure ? 1 : 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.flag("--json", options->json, "print JSON; what the task prints goes to standard error");
  line.footer(
      "spin STEP: on the inputs of your last run, of the first task of STEP that failed there, else of the first.\n"
      "spin FLOW/RUN/STEP/TASK: on those of this task. Nothing is recorded.");
  return [options](Context& context) { return spin(context, *options); };
}

}  // namespace

extern const Verb spin_verb;
const Verb spin_verb{"spin", "run one task by itself on the inputs it had", declare, true, true};

}  // namespace backlot::cli
