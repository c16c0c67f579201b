#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "backlot/base/whole_file.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string pathspec, output;
  bool json = false;
};

/// Bytes that would change how a terminal works, or that it cannot show.
bool disturbs_terminal(std::string_view text) {
  constexpr std::string_view harmless = "\t\n\r\f";
  return std::any_of(text.begin(), text.end(), [&](char c) {
    return (static_cast<unsigned char>(c) < ' ' && harmless.find(c) == harmless.npos) || c == 0x7f;
  });
}

/// Bytes and files as they are.
void print_content(const client::Artifact& artifact) {
  const bool is_terminal = isatty(STDOUT_FILENO) == 1;
  artifact.read([&](std::string_view piece) {
    if (is_terminal && disturbs_terminal(piece)) {
      throw Error(ErrorCode::usage, artifact.pathspec() + " holds what a terminal cannot show",
                  "use --output FILE, --json or a pipe");
    }
    print(piece);
  });
}

void print_value(const client::Artifact& artifact) {
  switch (artifact.type()) {
    case TypeTag::text: return print(artifact.as<std::string>() + "\n");
    case TypeTag::bytes:
    case TypeTag::file: return print_content(artifact);
    default: break;
  }
  std::string shown = artifact.shown();
  print(shown + "\n");
  const bool is_described = artifact.type() >= TypeTag::tensor && shown.starts_with('{');
  if (is_described) std::fputs("this describes it; --output PATH writes it\n", stderr);
}

int get(Context& context, const Options& options) {
  client::Artifact artifact = context.open().artifact(Pathspec::parse(options.pathspec));
  if (options.output.empty()) {
    options.json ? print(artifact.json(2) + "\n") : print_value(artifact);
  } else if (options.json) {
    WholeFile file(options.output);
    file.add(artifact.json(2) + "\n");
    file.keep();
  } else {
    artifact.write_to(options.output);
  }
  return 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.add("pathspec", options->pathspec, "an artifact, such as Flow/last/end/result").required();
  line.add("-o,--output", options->output, "write it to this file (a tensor as .npy), or a folder to this folder");
  line.flag("--json", options->json, "JSON, also of text and bytes; of files and pickles a description");
  return [options](Context& context) { return get(context, *options); };
}

}  // namespace

extern const Verb get_verb;
const Verb get_verb{"get", "the value of an artifact", declare};

}  // namespace backlot::cli
