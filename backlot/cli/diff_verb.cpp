#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"
#include "backlot/verbs/diff.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string a, b;
  bool json = false;
};

Table::Cell side(const std::optional<Reference>& value) {
  if (!value) return {"-", Colour::grey};
  return std::string(name_of(value->type)) + " " + verbs::bytes_text(value->size) + " " +
         value->identity().hex().substr(0, 12);
}

int diff(Context& context, const Options& options) {
  verbs::RunDifference d = verbs::diff(context.open(), Pathspec::parse(options.a), Pathspec::parse(options.b));
  if (options.json) {
    print(verbs::as_json(d) + "\n");
    return 0;
  }
  Table values({"DIFFERENT", "NAME", "A", "B"});
  for (const auto& p : d.parameters) values.add({"parameter", p.name, side(p.a), side(p.b)});
  for (const auto& a : d.artifacts) values.add({a.place, a.name, side(a.a), side(a.b)});
  bool differ = !d.parameters.empty() || !d.artifacts.empty();
  if (differ) print(values);
  print(std::string(differ ? "\n" : "") +
        "the same in both: " + counted(static_cast<std::uint64_t>(d.same_artifacts), "artifact") + "\n\n");
  Table times({"STEP", "TASKS A", "TASKS B", "TIME A", "TIME B"});
  for (const auto& s : d.steps) {
    times.add({s.step, std::to_string(s.a_tasks), std::to_string(s.b_tasks), duration_text(s.a_busy),
               duration_text(s.b_busy)});
  }
  times.add({"whole run", "", "", duration_text(d.a_time), duration_text(d.b_time)});
  print(times);
  return 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("a", options->a, "a run").required();
  line.add("b", options->b, "the run to compare it with").required();
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) { return diff(context, *options); };
}

}  // namespace

extern const Verb diff_verb;
const Verb diff_verb{"diff", "how two runs differ: parameters, artifacts, times", declare};

}  // namespace backlot::cli
