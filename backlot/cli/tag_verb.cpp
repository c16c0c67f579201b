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

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("run", options->run, "a run, such as Flow/last").required();
  line.add("tags", options->add, "tags to add");
  line.add("--remove", options->remove, "a tag to take away; may be repeated");
  return [options](Context& context) { return tag(context, *options); };
}

}  // namespace

extern const Verb tag_verb;
const Verb tag_verb{"tag", "add tags to a run, take them away", declare};

}  // namespace backlot::cli
