#include "backlot/cli/cli.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "backlot/base/nearest.h"
#include "backlot/cli/flow_program.h"
#include "backlot/cli/parameter_help.h"
#include "backlot/cli/sibling_program.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/doctor.h"

namespace backlot::cli {
namespace {

bool is_hidden(const Verb& verb) { return verb.name.starts_with("_"); }

const Verb& find_verb(std::string_view name) {
  std::vector<std::string> names;
  for (const Verb* verb : verb_table()) {
    if (verb->name == name) return *verb;
    if (!is_hidden(*verb)) names.emplace_back(verb->name);
  }
  throw Error(ErrorCode::usage, "no verb \"" + std::string(name) + "\"", suggestion(name, names));
}

std::string base_name(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash ? slash + 1 : path;
}

std::string overview(const std::string& program) {
  std::string text = "usage: " + program + " VERB [OPTIONS] [PATHSPEC]\n\nverbs:\n";
  for (const Verb* verb : verb_table()) {
    if (is_hidden(*verb)) continue;
    text += "  " + std::string(verb->name) + std::string(14 - verb->name.size(), ' ') + std::string(verb->help) + "\n";
  }
  return text + "\nA pathspec is Flow/run/step/task/artifact, or its first parts; a run may be `last`.\n`" + program +
         " VERB --help` tells more of a verb.\n";
}

int run_verb(const Verb& verb, const std::string& program, std::vector<std::string> words, Context& context) {
  if (!verb.program.empty()) become_sibling(std::string(verb.program), words);
  const bool of_a_program = verb.needs_flow && context.flows.empty();
  CommandLine line(std::string(verb.help), program + " " + std::string(verb.name) + (of_a_program ? " PROGRAM" : ""));
  Action action = verb.declare(line);
  CommandLine::Parsed parsed = line.parse(std::move(words), verb.takes_rest);
  if (parsed.asks_for_help) {
    print(line.help());
    if (of_a_program) {
      const std::string example = program + " " + std::string(verb.name) + " PROGRAM --help";
      print("\nPROGRAM is that of a flow, such as ./movie_stats or flow.py. `" + example +
            "` has its parameters, too.\n");
    }
    bool takes_parameters = verb.name == "run";
    for (const FlowCode* flow : context.flows) print(takes_parameters ? parameter_help(*flow) : "");
    return 0;
  }
  context.rest = std::move(parsed.rest);
  return action(context);
}

int run_words(const std::string& program, std::vector<std::string> words, std::span<const FlowCode* const> flows) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print(overview(program));
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "--version") {
    print("backlot " + verbs::version() + "\n");
    return 0;
  }
  const Verb& verb = find_verb(words[0]);
  const bool asks_for_help = words.size() > 1 && (words[1] == "--help" || words[1] == "-h");
  if (flows.empty() && verb.needs_flow && !asks_for_help) become_flow_program(words);
  words.erase(words.begin());
  Context context(flows);
  return run_verb(verb, program, std::move(words), context);
}

}  // namespace

int report(const Error& e) {
  std::string text = coloured("backlot: ", Colour::red, colours_on(STDERR_FILENO));
  if (!e.context().empty()) text += e.context() + ": ";
  text += e.message() + "\n";
  if (!e.hint().empty()) text += "  " + e.hint() + "\n";
  std::fputs(text.c_str(), stderr);
  return e.code() == ErrorCode::usage ? 2 : 1;
}

client::Client& Context::open() {
  if (!client_) client_.emplace(find_home());
  return *client_;
}

const FlowCode& Context::take_flow() {
  std::string name = rest.empty() || rest.front().starts_with("-") ? "" : rest.front();
  std::string all;
  for (const FlowCode* flow : flows) {
    all += (all.empty() ? "" : ", ") + flow->name();
    if (flow->name() != name) continue;
    rest.erase(rest.begin());
    return *flow;
  }
  if (flows.size() == 1) return *flows.front();
  throw Error(ErrorCode::usage, name.empty() ? "which flow?" : "this program has no flow \"" + name + "\"",
              "name one of: " + all);
}

int main(int argc, char** argv, std::span<const FlowCode* const> flows) {
  try {
    std::string program = argc > 0 ? base_name(argv[0]) : "backlot";
    int code = run_words(program, std::vector<std::string>(argv + std::min(argc, 1), argv + argc), flows);
    if (std::fflush(stdout)) throw_system_error("write to standard output");
    return code;
  } catch (const Error& e) { return report(e); } catch (const std::exception& e) {
    return report(Error(ErrorCode::internal, e.what()));
  }
}

}  // namespace backlot::cli
