#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/logs.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string pathspec, stream;
  int attempt = -1;
  bool follow = false, time = false, json = false;
};

/// Prints pieces as whole lines, each with the task it is of, so that lines of tasks that run at once do not mix.
class LinePrinter {
 public:
  LinePrinter(bool with_task, bool with_time) : with_task_(with_task), with_time_(with_time) {}

  void add(const verbs::LogPiece& piece) {
    Line& line = lines_[{piece.task, piece.attempt, piece.stream}];
    if (line.text.empty()) line.prefix = prefix_of(piece);
    line.colour = piece.stream == LogStream::err ? Colour::red : Colour::none;
    if (piece.gap) return print_gap(line, *piece.gap);
    std::string_view rest = piece.bytes;
    for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
      line.text += rest.substr(0, end);
      print_line(line);
      line.prefix = prefix_of(piece);
    }
    line.text += rest;
    if (line.text.size() > longest_line) print_line(line);
  }

  /// What came without a newline at its end.
  void finish() {
    for (auto& [key, line] : lines_) {
      if (!line.text.empty()) print_line(line);
    }
  }

 private:
  static constexpr std::size_t longest_line = 1 << 20;
  struct Line {
    std::string prefix, text;
    Colour colour = Colour::none;
  };

  std::string prefix_of(const verbs::LogPiece& piece) const {
    std::string prefix;
    if (with_time_) prefix += rfc3339(piece.time) + " ";
    if (with_task_) prefix += piece.step + "/" + std::to_string(piece.task) + " ";
    return prefix;
  }

  void print_gap(Line& line, const LogGap& gap) {
    if (!line.text.empty()) print_line(line);
    print(coloured(line.prefix + text_of(gap), Colour::grey, colours_) + "\n");
  }

  void print_line(Line& line) {
    print(coloured(line.prefix, Colour::grey, colours_) + coloured(line.text, line.colour, colours_) + "\n");
    line.text.clear();
  }

  bool with_task_, with_time_;
  bool colours_ = colours_on(STDOUT_FILENO);
  std::map<std::tuple<std::int64_t, std::int32_t, LogStream>, Line> lines_;
};

int logs(Context& context, const Options& options) {
  verbs::LogOptions wanted;
  if (!options.stream.empty()) wanted.stream = options.stream == "out" ? LogStream::out : LogStream::err;
  if (options.attempt >= 0) wanted.attempt = options.attempt;
  wanted.follow = options.follow;
  Pathspec spec = Pathspec::parse(options.pathspec);
  LinePrinter lines(!spec.task, options.time);
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
