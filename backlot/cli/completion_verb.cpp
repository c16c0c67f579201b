// `completion bash` prints a script for the shell; the script asks `__complete` for the words that can come next.
#include <memory>

#include "backlot/base/nearest.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"

namespace backlot::cli {
namespace {

constexpr char bash_script[] = R"(# Completion of backlot and flow programs for bash: source <(backlot completion bash)
_backlot() {
  local words
  words=$("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
  [[ ${COMPREPLY[0]} == */ ]] && compopt -o nospace
}
complete -o default -F _backlot backlot
)";

constexpr char zsh_script[] = R"(#compdef backlot
# Completion of backlot for zsh: source <(backlot completion zsh)
_backlot() {
  local -a found
  found=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -S '' -- ${(M)found:#*/}
  compadd -- ${found:#*/}
}
compdef _backlot backlot
)";

Action declare_completion(CommandLine& line) {
  auto shell = std::make_shared<std::string>();
  line.add("shell", *shell, "bash or zsh").required().one_of({"bash", "zsh"});
  return [shell](Context&) {
    print(*shell == "bash" ? bash_script : zsh_script);
    return 0;
  };
}

using Words = std::vector<std::string>;

Words verb_names(const std::vector<Domain>& domains) {
  Words words = names_of(verb_table());
  for (const Domain& domain : domains) words.push_back(domain.name);
  return words;
}

Words options_of(const std::string& verb_name) {
  const Verb* verb = find_verb(verb_table(), verb_name);
  if (!verb) return {};
  CommandLine line("", "");
  verb->declare(line);
  return line.option_names();
}

/// The pathspecs one part longer than what is typed, as far as the last slash.
Words pathspecs(client::Client& client, const std::string& typed) {
  std::size_t slash = typed.rfind('/');
  std::string stem = slash == typed.npos ? "" : typed.substr(0, slash + 1);
  Words words;
  if (stem.empty()) {
    for (const client::Flow& flow : client.flows()) words.push_back(flow.name() + "/");
    return words;
  }
  Pathspec spec = Pathspec::parse(stem);
  if (!spec.run) {
    words.push_back(stem + "last");
    for (const client::Run& run : client.flow(spec.flow).runs(20)) words.push_back(run.pathspec());
  } else if (spec.step.empty()) {
    for (const client::Step& step : client.run(spec).steps()) words.push_back(stem + step.name());
  } else if (!spec.task) {
    for (const client::Task& task : client.step(spec).tasks(0, 50))
      words.push_back(stem + std::to_string(task.number()));
  } else if (spec.artifact.empty()) {
    for (const client::Artifact& a : client.task(spec).artifacts()) words.push_back(stem + a.name());
  }
  return words;
}

/// `typed` are the words of the command line behind the program's name; the last is the one to complete.
Words completions(Context& context, const Words& typed) {
  const std::vector<Domain> domains = context.programs.domains();
  if (typed.size() <= 1) return verb_names(domains);
  for (const Domain& domain : domains)
    if (domain.name == typed.front()) return typed.size() == 2 ? domain.verbs : Words{};
  if (typed.back().starts_with("-")) return options_of(typed.front());
  return pathspecs(context.open(), typed.back());
}

Action declare_complete(CommandLine& line) {
  auto typed = std::make_shared<Words>();
  line.add("words", *typed, "what is typed so far");
  return [typed](Context& context) {
    for (const std::string& word : completions(context, *typed)) print(word + "\n");
    return 0;
  };
}

}  // namespace

extern const Verb completion_verb, complete_verb;
const Verb completion_verb{"completion", "a script for bash or zsh", declare_completion};
const Verb complete_verb{"__complete", "the words that can come next", declare_complete};

}  // namespace backlot::cli
