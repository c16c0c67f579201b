// An old run again, with the binary it ran with.
#include <unistd.h>

#include <memory>

#include "backlot/cli/verb.h"
#include "backlot/verbs/code_blob.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string run, step;
};

int rerun(Context& context, const Options& options) {
  client::Client& client = context.open();
  client::Run run = client.run(Pathspec::parse(options.run));
  std::string program = program_of(run.row(), client.home(), *client.connection()->store);
  // A resume from the first step on: it keeps the parameters, and takes nothing over.
  std::string step = options.step.empty() ? run.graph().nodes.at(0).name : options.step;
  std::vector<std::string> words{run.row().flow, "resume",       run.row().flow,
                                 step,           "--origin-run", std::to_string(run.row().run_id)};
  words.insert(words.end(), context.rest.begin(), context.rest.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  setenv("BACKLOT_HOME", client.home().root.c_str(), 1);
  execv(program.c_str(), argv.data());
  throw_system_error("run " + program);
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("run", options->run, "the run, such as Flow/last").required();
  line.add("step", options->step, "from this step on; what lies before is kept. Default: the first step");
  line.footer("Further options are those of `resume`.");
  return [options](Context& context) { return rerun(context, *options); };
}

}  // namespace

extern const Verb rerun_verb;
const Verb rerun_verb{"rerun", "run an old run again, with its own binary and parameters", declare, true};

}  // namespace backlot::cli
