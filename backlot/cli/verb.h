// What a verb of the command line is. The table of all is in verb_table.cpp, each verb in a file of its own.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/cli/command_line.h"
#include "backlot/client/client.h"
#include "backlot/flow/flow_code.h"

namespace backlot::cli {

/// What a verb works with besides its own options.
class Context {
 public:
  explicit Context(std::span<const FlowCode* const> of_program) : flows(of_program) {}

  /// The home of this process; opened, and made when absent.
  client::Client& open();

  /// The flow that the first of `rest` names, which is taken; of a program with one flow it may be left out.
  /// Throws Error usage.
  const FlowCode& take_flow();

  std::span<const FlowCode* const> flows;  ///< of this program
  std::vector<std::string> rest;           ///< words that a verb which takes_rest left over

 private:
  std::optional<client::Client> client_;
};

/// Does it; returns the exit code. Throws Error.
using Action = std::function<int(Context&)>;

struct Verb {
  std::string_view name;
  std::string_view help;  ///< one line, for `backlot --help`
  /// Adds the verb's options to an empty `line`, and returns what to do when they are parsed. What the options are
  /// parsed into belongs to the action.
  Action (*declare)(CommandLine& line);
  bool takes_rest = false;        ///< leaves options it does not know in Context::rest: parameters of a flow
  bool needs_flow = false;        ///< of a flow binary; `backlot VERB PROGRAM …` runs `PROGRAM VERB …`
  std::string_view program = {};  ///< one that comes with this one and takes over with all words behind the verb
};

/// In the order of `backlot --help`.
std::span<const Verb* const> verb_table();

}  // namespace backlot::cli
