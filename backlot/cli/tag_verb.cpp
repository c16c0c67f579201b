#include <CLI/CLI.hpp>
#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/control.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string run;
  std::vector<std::string> add, remove;
};

int tag(Context& context, const Options& options) {
  if (options.add.empty() && options.remove.empty()) {
    throw Error(ErrorCode::usage, "no tag was given", "such as `tag " + options.run + " good --remove draft`");
  }
  verbs::Done done = verbs::tag(context.open(), Pathspec::parse(options.run), options.add, options.remove);
  if (done == verbs::Done::requested) print("asked the running scheduler\n");
  return 0;
}

Action declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("run", options->run, "a run, such as Flow/last")->required();
  app.add_option("tags", options->add, "tags to add");
  app.add_option("--remove", options->remove, "a tag to take away; may be repeated")->allow_extra_args(false);
  return [options](Context& context) { return tag(context, *options); };
}

}  // namespace

extern const Verb tag_verb;
const Verb tag_verb{"tag", "add tags to a run, take them away", declare};

}  // namespace backlot::cli
