#include "backlot/cli/domain_program.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "backlot/cli/terminal.h"
#include "backlot/verbs/doctor.h"

namespace backlot::cli {
namespace {

/// Set by the `backlot` that became this program; without it somebody calls the program itself.
void check_protocol(const DomainProgram& domain) {
  const char* theirs = std::getenv(domain_protocol_variable);
  if (!theirs) return;
  const std::string ours = std::to_string(domain_protocol);
  if (theirs != ours)
    throw Error(ErrorCode::unsupported, "backlot speaks protocol " + std::string(theirs) + ", and this program " + ours,
                "install both from one version")
        .in(domain.name);
  unsetenv(domain_protocol_variable);
}

std::string description(const DomainProgram& domain) {
  const nlohmann::ordered_json json{{"protocol", domain_protocol},
                                    {"version", verbs::version()},
                                    {"help", domain.help},
                                    {"verbs", names_of(domain.verbs)}};
  return json.dump(1) + "\n";
}

int run(const DomainProgram& domain, std::vector<std::string> words) {
  const std::string program = "backlot " + std::string(domain.name);
  check_protocol(domain);
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print("usage: " + program + " VERB …\n\n" + verb_lines(domain.verbs) + "\n`" + program +
          " VERB --help` tells more.\n");
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "__describe") {
    print(description(domain));
    return 0;
  }
  const Verb* verb = find_verb(domain.verbs, words[0]);
  if (!verb) throw no_verb(words[0], names_of(domain.verbs));
  words.erase(words.begin());
  Context context({}, InstalledPrograms({}));
  return call(*verb, program + " " + std::string(verb->name), std::move(words), context, [] { return std::string(); });
}

}  // namespace

int domain_main(int argc, char** argv, const DomainProgram& domain) {
  return reported([&] { return run(domain, {argv + std::min(argc, 1), argv + argc}); });
}

}  // namespace backlot::cli
