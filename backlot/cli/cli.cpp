#include "backlot/cli/cli.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "backlot/cli/flow_program.h"
#include "backlot/cli/parameter_help.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/doctor.h"

namespace backlot::cli {
namespace {

std::string base_name(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash ? slash + 1 : path;
}

std::string overview(const std::string& program, const std::vector<Domain>& domains) {
  std::string text = "usage: " + program + " VERB [OPTIONS] [PATHSPEC]\n\nverbs:\n" + verb_lines(verb_table());
  if (!domains.empty()) text += "\nlibraries, each with verbs of its own:\n";
  for (const Domain& domain : domains) {
    const std::string help = domain.trouble.empty() ? domain.help : "cannot be used: " + domain.trouble;
    text += verb_line(printable(domain.name), printable(help));
  }
  return text + "\nA pathspec is Flow/run/step/task/artifact, or its first parts; a run may be `last`.\n`" + program +
         " VERB --help` tells more of a verb.\n";
}

int run_verb(const Verb& verb, const std::string& program, std::vector<std::string> words, Context& context) {
  const std::string called = program + " " + std::string(verb.name);
  const bool of_a_program = verb.needs_flow && context.flows.empty();
  return call(verb, called + (of_a_program ? " PROGRAM" : ""), std::move(words), context, [&] {
    std::string more;
    if (of_a_program)
      more += "\nPROGRAM is that of a flow, such as ./movie_stats or flow.py. `" + called +
              " PROGRAM --help` has its parameters, too.\n";
    if (verb.name == "run")
      for (const FlowCode* flow : context.flows) more += parameter_help(*flow);
    return more;
  });
}

int run_words(const std::string& program, std::vector<std::string> words, std::span<const FlowCode* const> flows,
              const std::string& libexec) {
  Context context(flows, InstalledPrograms(libexec));
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print(overview(program, context.programs.domains()));
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "--version") {
    print("backlot " + verbs::version() + "\n");
    return 0;
  }
  const std::string name = words[0];
  const Verb* verb = find_verb(verb_table(), name);
  if (!verb) {
    std::vector<std::string> known = names_of(verb_table());
    words.erase(words.begin());
    for (const Domain& domain : context.programs.domains()) {
      if (domain.name == name) InstalledPrograms::become(domain, words);
      known.push_back(domain.name);
    }
    throw no_verb(name, known);
  }
  const bool asks_for_help = words.size() > 1 && (words[1] == "--help" || words[1] == "-h");
  if (flows.empty() && verb->needs_flow && !asks_for_help) become_flow_program(words);
  words.erase(words.begin());
  return run_verb(*verb, program, std::move(words), context);
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

int main(int argc, char** argv, std::span<const FlowCode* const> flows, const std::string& libexec) {
  return reported([&] {
    const std::string program = argc > 0 ? base_name(argv[0]) : "backlot";
    return run_words(program, {argv + std::min(argc, 1), argv + argc}, flows, libexec);
  });
}

}  // namespace backlot::cli
