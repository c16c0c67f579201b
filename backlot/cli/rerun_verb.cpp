// An old run again, with the code it ran with.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "backlot/cli/verb.h"
#include "backlot/verbs/code_libraries.h"
#include "backlot/verbs/stored_code.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string run, step;
  bool failed = false;
};

int rerun(Context& context, const Options& options) {
  if (options.failed && !options.step.empty())
    throw Error(ErrorCode::usage, "--failed runs what did not finish again, not from a step on");
  client::Client& client = context.open();
  client::Run run = client.run(Pathspec::parse(options.run));
  // A resume from the first step on keeps the parameters, and takes nothing over.
  std::string first = options.failed ? "" : run.graph().nodes.at(0).name;
  StoredCommand command = resume_command(client, run, options.step.empty() ? first : options.step);
  for (const std::string& line : changed_libraries(run.metadata())) std::fprintf(stderr, "%s\n", line.c_str());
  std::erase(command.words, "--quiet");  // somebody looks on
  command.words.insert(command.words.end(), context.rest.begin(), context.rest.end());
  std::vector<char*> argv;
  for (std::string& word : command.words) argv.push_back(word.data());
  argv.push_back(nullptr);
  for (const auto& [name, value] : command.environment) setenv(name.c_str(), value.c_str(), 1);
  std::error_code ignored;
  if (!command.directory.empty()) std::filesystem::current_path(command.directory, ignored);
  execv(argv[0], argv.data());
  throw_system_error("run " + command.words[0]);
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("run", options->run, "the run, such as Flow/last").required();
  line.add("step", options->step, "from this step on; what lies before is kept. Default: the first step");
  line.flag("--failed", options->failed, "only what did not finish");
  line.footer("Further options are those of `resume`.");
  return [options](Context& context) { return rerun(context, *options); };
}

}  // namespace

extern const Verb rerun_verb;
const Verb rerun_verb{"rerun", "run an old run again, with its own code and parameters", declare, true};

}  // namespace backlot::cli
