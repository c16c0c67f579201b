// `backlot signals VERB …` is this program.
#include <string>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/cli/cli.h"
#include "backlot/cli/signals/verb.h"
#include "backlot/cli/terminal.h"

namespace {

using namespace backlot::cli;

constexpr const SignalsVerb* verbs[] = {&investigate_verb, &changes_verb};

std::string usage() {
  std::string text = "usage: backlot signals VERB …\n\n";
  for (const SignalsVerb* verb : verbs) {
    std::string name(verb->name);
    name.resize(14, ' ');
    text += "  " + name + std::string(verb->help) + "\n";
  }
  return text + "\n`backlot signals VERB --help` tells more.\n";
}

int run(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print(usage());
    return words.empty() ? 2 : 0;
  }
  for (const SignalsVerb* verb : verbs) {
    if (words[0] != verb->name) continue;
    CommandLine line(std::string(verb->help), "backlot signals " + words[0]);
    auto action = verb->declare(line);
    if (line.parse({words.begin() + 1, words.end()}, false).asks_for_help) {
      print(line.help());
      return 0;
    }
    return action();
  }
  throw backlot::Error(backlot::ErrorCode::usage, "there is no verb '" + words[0] + "'",
                       "backlot signals --help lists them");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const backlot::Error& error) { return report(error); } catch (const std::exception& error) {
    return report(backlot::Error(backlot::ErrorCode::internal, error.what()));
  }
}
