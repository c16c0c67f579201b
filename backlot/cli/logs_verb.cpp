#include <unistd.h>

#include <cstdio>
#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/log_lines.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string pathspec, stream;
  int attempt = -1;
  bool follow = false, time = false, json = false;
};

/// Prints lines, each behind the task it is of where there are several.
class LinePrinter {
 public:
  LinePrinter(bool with_task, bool with_time) : with_task_(with_task), with_time_(with_time) {}

  void operator()(const verbs::WholeLine& line) const {
    const std::string prefix = prefix_of(line);
    if (line.is_gap) return print(coloured(prefix + std::string(line.text), Colour::grey, colours_) + "\n");
    const Colour colour = line.stream == LogStream::err ? Colour::red : Colour::none;
    print(coloured(prefix, Colour::grey, colours_) + coloured(std::string(line.text), colour, colours_) + "\n");
  }

 private:
  std::string prefix_of(const verbs::WholeLine& line) const {
    std::string prefix;
    if (with_time_) prefix += rfc3339(line.time) + " ";
    if (with_task_) prefix += line.step + "/" + std::to_string(line.task) + " ";
    return prefix;
  }

  bool with_task_, with_time_;
  bool colours_ = colours_on(STDOUT_FILENO);
};

int logs(Context& context, const Options& options) {
  verbs::LogOptions wanted;
  if (!options.stream.empty()) wanted.stream = options.stream == "out" ? LogStream::out : LogStream::err;
  if (options.attempt >= 0) wanted.attempt = options.attempt;
  wanted.follow = options.follow;
  Pathspec spec = Pathspec::parse(options.pathspec);
  verbs::LogLines lines(LinePrinter(!spec.task, options.time));
  std::uint64_t damaged = verbs::read_logs(context.open(), spec, wanted, [&](const verbs::LogPiece& piece) {
    options.json ? print(verbs::as_json(piece) + "\n") : lines.add(piece);
    if (options.follow) std::fflush(stdout);
    return true;
  });
  lines.finish();
  if (damaged == 0) return 0;
  throw Error(ErrorCode::corrupt, std::to_string(damaged) + " bytes of the log are damaged and were left out",
              "run `backlot fsck --verify`");
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("pathspec", options->pathspec, "a run, a step or a task").required();
  line.add("--stream", options->stream, "only this stream").one_of({"out", "err"});
  line.add("--attempt", options->attempt, "only this attempt, from 0").at_least(0);
  line.flag("-f,--follow", options->follow, "go on while it runs");
  line.flag("--time", options->time, "begin each line with its time");
  line.flag("--json", options->json, "print one JSON object a line, for each piece that was written at once");
  return [options](Context& context) { return logs(context, *options); };
}

}  // namespace

extern const Verb logs_verb;
const Verb logs_verb{"logs", "what tasks printed", declare};

}  // namespace backlot::cli
