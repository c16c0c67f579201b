// What a verb of a command line is: of `backlot`, of a flow's program, and of the program of a domain. Each is in a
// file of its own; verb_table.cpp has those of `backlot`.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/cli/command_line.h"
#include "backlot/cli/installed_programs.h"
#include "backlot/client/client.h"
#include "backlot/flow/flow_code.h"

namespace backlot::cli {

/// What a verb works with besides its own options.
class Context {
 public:
  Context(std::span<const FlowCode* const> of_program, InstalledPrograms installed)
      : flows(of_program), programs(std::move(installed)) {}

  /// The home of this process; opened, and made when absent.
  client::Client& open();

  /// The flow that the first of `rest` names, which is taken; of a program with one flow it may be left out.
  /// Throws Error usage.
  const FlowCode& take_flow();

  std::span<const FlowCode* const> flows;  ///< of this program
  const InstalledPrograms programs;
  std::vector<std::string> rest;  ///< words that a verb which takes_rest left over

 private:
  std::optional<client::Client> client_;
};

/// Does it; returns the exit code. Throws Error.
using Action = std::function<int(Context&)>;

struct Verb {
  std::string_view name;
  std::string_view help;  ///< one line, for `--help` of the program
  /// Adds the verb's options to an empty `line`, and returns what to do when they are parsed. What the options are
  /// parsed into belongs to the action.
  Action (*declare)(CommandLine& line);
  bool takes_rest = false;  ///< leaves options it does not know in Context::rest: parameters of a flow
  bool needs_flow = false;  ///< of a flow binary; `backlot VERB PROGRAM …` runs `PROGRAM VERB …`
};
using Verbs = std::span<const Verb* const>;

/// Those of `backlot`, in the order of `backlot --help`.
Verbs verb_table();

/// Not told of in help and completion: its name begins with "_".
bool is_hidden(const Verb& verb);
/// A line for each: its name and help.
std::string verb_lines(Verbs verbs);
std::string verb_line(std::string_view name, std::string_view help);
/// The one of that name; none: nullptr.
const Verb* find_verb(Verbs verbs, std::string_view name);
/// That there is none of that name, with the one of `known` that may be meant.
Error no_verb(std::string_view name, const std::vector<std::string>& known);
std::vector<std::string> names_of(Verbs verbs);

/// Reads `words` by what the verb declares and does it, or prints its help: `called` is how it was called, "backlot
/// list"; what `more_help` returns follows the help. Returns the exit code. Throws Error.
int call(const Verb& verb, const std::string& called, std::vector<std::string> words, Context& context,
         const std::function<std::string()>& more_help);

/// What `run` returns, once all that it printed is written; an exception of it is printed as every verb does.
int reported(const std::function<int()>& run);

}  // namespace backlot::cli
