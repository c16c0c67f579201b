#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string pathspec, output;
  bool json = false;
};

/// Text and bytes as they are, everything else as JSON.
std::string bytes_of(const client::Artifact& artifact, const Options& options) {
  if (options.json) return artifact.json(2) + "\n";
  if (artifact.type() == TypeTag::text) {
    std::string text = artifact.as<std::string>();
    return options.output.empty() ? text + "\n" : text;
  }
  if (artifact.type() == TypeTag::bytes) {
    Bytes bytes = artifact.as<Bytes>();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  return artifact.json(2) + "\n";
}

void write_file(const std::string& path, const std::string& bytes) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"), std::fclose);
  if (!file) throw_system_error("open " + path);
  bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  if (!written || std::fclose(file.release())) throw_system_error("write " + path);
}

int get(Context& context, const Options& options) {
  client::Artifact artifact = context.open().artifact(Pathspec::parse(options.pathspec));
  std::string bytes = bytes_of(artifact, options);
  if (!options.output.empty()) {
    write_file(options.output, bytes);
    return 0;
  }
  bool binary = artifact.type() == TypeTag::bytes && !options.json;
  if (binary && isatty(STDOUT_FILENO)) {
    throw Error(ErrorCode::usage, artifact.pathspec() + " is bytes, which a terminal cannot show",
                "use --output FILE, --json or a pipe");
  }
  print(bytes);
  return 0;
}

Action declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("pathspec", options->pathspec, "an artifact, such as Flow/last/end/result")->required();
  app.add_option("-o,--output", options->output, "write into this file");
  app.add_flag("--json", options->json, "print JSON, also of text and bytes");
  return [options](Context& context) { return get(context, *options); };
}

}  // namespace

extern const Verb get_verb;
const Verb get_verb{"get", "the value of an artifact", declare};

}  // namespace backlot::cli
