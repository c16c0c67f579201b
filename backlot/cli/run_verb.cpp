// run, resume and check: what only a program with a flow in it can do.
#include <unistd.h>

#include <memory>

#include "backlot/cli/run_progress.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/home/home.h"
#include "backlot/verbs/bytes_text.h"

namespace backlot::cli {
namespace {

struct Options {
  verbs::RunOptions run;
  std::vector<std::string> pools;
  std::string step, log_size = "64M";
  bool quiet = false, json = false;
};

ProgressStyle style_of(const Options& options) {
  ProgressStyle style;
  style.redraws = can_redraw(STDERR_FILENO);
  style.out_is_terminal = can_redraw(STDOUT_FILENO);
  style.colour = colours_on(STDERR_FILENO);
  style.quiet = options.quiet;
  style.json = options.json;
  return style;
}

std::uint64_t log_cap_of(const std::string& size) {
  const auto bytes = verbs::parse_bytes(size);
  if (bytes && *bytes >= 1024) return *bytes;  // a bare 10 is not ten bytes: Python's option counts in MB
  throw Error(ErrorCode::usage, "invalid value '" + size + "' for --max-log-size: not a size of 1K or more",
              "such as 500K, 10M or 1G");
}

std::map<std::string, int> pools_of(const std::vector<std::string>& given) {
  std::map<std::string, int> pools;
  for (const std::string& pool : given) {
    std::size_t at = pool.find('=');
    char* end = nullptr;
    long places = at == pool.npos ? 0 : std::strtol(pool.c_str() + at + 1, &end, 10);
    if (places < 1 || *end) throw Error(ErrorCode::usage, "--pool " + pool + " is no pool", "such as --pool gpu=2");
    pools[pool.substr(0, at)] = static_cast<int>(places);
  }
  return pools;
}

int run_flow(Context& context, Options options, bool resume) {
  const FlowCode& flow = context.take_flow();
  options.run.home = find_home().root;
  options.run.pools = pools_of(options.pools);
  options.run.resume = resume;
  if (options.run.keep_going && options.run.cancel_on_failure) {
    throw Error(ErrorCode::usage, "--keep-going and --cancel-on-failure contradict each other", "give one of them");
  }
  options.run.log_cap = log_cap_of(options.log_size);
  if (resume) {
    if (!context.rest.empty() && !context.rest.front().starts_with("-")) {
      options.run.resume_step = context.rest.front();
      context.rest.erase(context.rest.begin());
    }
    if (!context.rest.empty()) {
      throw Error(ErrorCode::usage, context.rest.front() + " cannot be given",
                  "a resumed run keeps the parameters of its origin; `run` takes new ones");
    }
  } else {
    options.run.parameters.arguments = context.rest;
    options.run.parameters.environment = parameter_environment(environ);
  }
  ProgressStyle style = style_of(options);
  auto progress = make_progress(style);
  verbs::RunReport report = verbs::run_flow(flow, options.run, *progress);
  progress->on_end(report);
  return report.result.state == RunState::done && !report.result.error ? 0 : 1;
}

void declare_common(CommandLine& line, Options& options) {
  line.add("--max-workers", options.run.max_workers, "tasks at once; default: the cores of this machine").at_least(1);
  line.add("--pool", options.pools, "NAME=PLACES: how many tasks of a pool may run at once; may be repeated");
  line.add("--tag", options.run.tags, "a tag of the run; may be repeated");
  line.flag("--cancel-on-failure", options.run.cancel_on_failure,
            "when a task has failed, stop those that run; default: let them finish");
  line.flag("--keep-going", options.run.keep_going, "when a task has failed, start what does not depend on it");
  line.add("--max-log-size", options.log_size, "kept of each task's output, its first and last half, such as 10M")
      .shows_default();
  line.flag("-q,--quiet", options.quiet, "print nothing but failures");
  line.flag("--json", options.json, "one JSON event a line");
}

Action declare_run(CommandLine& line) {
  auto options = std::make_shared<Options>();
  declare_common(line, *options);
  line.add("--params", options->run.parameters.files, "a JSON, TOML or YAML file of parameters; may be repeated");
  line.add("--project", options->run.project, "the project it belongs to");
  line.add("--namespace", options->run.ns, "the namespace it belongs to");
  return [options](Context& context) { return run_flow(context, *options, false); };
}

Action declare_resume(CommandLine& line) {
  auto options = std::make_shared<Options>();
  declare_common(line, *options);
  line.add("--origin-run", options->run.origin_run, "the id of the run to go on with; default: your last one");
  line.flag("--anyway", options->run.anyway, "though that run, or another resume of it, is going on");
  line.footer("resume [STEP]: what has finished is kept; STEP and what follows it is run again.");
  return [options](Context& context) { return run_flow(context, *options, true); };
}

int check(Context& context) {
  int code = 0;
  for (const FlowCode* flow : context.flows) {
    std::vector<Diagnostic> found = flow->check();
    if (found.empty()) print(flow->name() + " is good\n");
    for (const Diagnostic& d : found) {
      print(flow->name() + ": " + d.place + ": " + d.message + "; " + d.fix + " [" + d.rule + "]\n");
      code = 1;
    }
  }
  return code;
}

Action declare_check(CommandLine&) { return check; }

}  // namespace

extern const Verb run_verb, resume_verb, check_verb;
const Verb run_verb{"run", "run the flow", declare_run, true, true};
const Verb resume_verb{"resume", "go on with a run that failed or was stopped", declare_resume, true, true};
const Verb check_verb{"check", "check the flow's graph", declare_check, false, true};

}  // namespace backlot::cli
