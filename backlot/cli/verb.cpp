#include "backlot/cli/verb.h"

#include <cstdio>

#include "backlot/base/nearest.h"
#include "backlot/cli/cli.h"
#include "backlot/cli/terminal.h"

namespace backlot::cli {

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

bool is_hidden(const Verb& verb) { return verb.name.starts_with("_"); }

std::string verb_line(std::string_view name, std::string_view help) {
  constexpr std::size_t width = 14;
  std::string line = "  " + std::string(name);
  line.append(name.size() < width ? width - name.size() : 1, ' ');
  return line + std::string(help) + "\n";
}

std::string verb_lines(Verbs verbs) {
  std::string lines;
  for (const Verb* verb : verbs)
    if (!is_hidden(*verb)) lines += verb_line(verb->name, verb->help);
  return lines;
}

const Verb* find_verb(Verbs verbs, std::string_view name) {
  for (const Verb* verb : verbs)
    if (verb->name == name) return verb;
  return nullptr;
}

std::vector<std::string> names_of(Verbs verbs) {
  std::vector<std::string> names;
  for (const Verb* verb : verbs)
    if (!is_hidden(*verb)) names.emplace_back(verb->name);
  return names;
}

Error no_verb(std::string_view name, const std::vector<std::string>& known) {
  return {ErrorCode::usage, "no verb \"" + std::string(name) + "\"", suggestion(name, known)};
}

int call(const Verb& verb, const std::string& called, std::vector<std::string> words, Context& context,
         const std::function<std::string()>& more_help) {
  CommandLine line(std::string(verb.help), called);
  Action action = verb.declare(line);
  CommandLine::Parsed parsed = line.parse(std::move(words), verb.takes_rest);
  if (parsed.asks_for_help) {
    print(line.help() + more_help());
    return 0;
  }
  context.rest = std::move(parsed.rest);
  return action(context);
}

int reported(const std::function<int()>& run) {
  try {
    const int code = run();
    if (std::fflush(stdout)) throw_system_error("write to standard output");
    return code;
  } catch (const Error& e) { return report(e); } catch (const std::exception& e) {
    return report(Error(ErrorCode::internal, e.what()));
  }
}

}  // namespace backlot::cli
