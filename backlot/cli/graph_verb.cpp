#include <memory>

#include "backlot/base/nearest.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/graph_drawing.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string pathspec, format = "text";
};

/// The flow of this program that a name means; without a name, the only one.
const FlowCode* own_flow(const Context& context, const std::string& name) {
  for (const FlowCode* flow : context.flows) {
    if (flow->name() == name || (name.empty() && context.flows.size() == 1)) return flow;
  }
  return nullptr;
}

int graph(Context& context, const Options& options) {
  verbs::GraphFormat format = verbs::graph_format(options.format);
  if (const FlowCode* flow = own_flow(context, options.pathspec)) {
    print(verbs::draw(flow->graph(), flow->name(), format));
    return 0;
  }
  if (options.pathspec.empty()) {
    std::string names;
    for (const FlowCode* flow : context.flows) names += (names.empty() ? "one of " : ", ") + flow->name();
    throw Error(ErrorCode::usage, "say which flow or run", names);
  }
  Pathspec spec = Pathspec::parse(options.pathspec);
  client::Client& client = context.open();
  if (spec.run) {
    print(verbs::draw(client.run(spec).graph(), spec.flow, format));
    return 0;
  }
  std::vector<client::Run> newest = client.flow(spec.flow).runs(1);
  if (newest.empty()) throw Error(ErrorCode::not_found, spec.flow + " has no run");
  print(verbs::draw(newest[0].graph(), spec.flow, format));
  return 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("pathspec", options->pathspec, "a flow (its newest run) or a run");
  line.add("--format", options->format, "text, dot, mermaid or svg").shows_default();
  return [options](Context& context) { return graph(context, *options); };
}

}  // namespace

extern const Verb graph_verb;
const Verb graph_verb{"graph", "a flow's graph: text, dot, mermaid, svg", declare};

}  // namespace backlot::cli
