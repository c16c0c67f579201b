#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"
#include "backlot/verbs/fsck.h"

namespace backlot::cli {
namespace {

struct Options {
  bool verify = false, repair = false, json = false;
};

void print_report(const verbs::FsckReport& report) {
  for (const Diagnostic& d : report.problems) {
    print((d.place.empty() ? "" : d.place + ": ") + d.message + (d.fix.empty() ? "" : "; " + d.fix) + " [" + d.rule +
          "]\n");
  }
  if (report.problem_count > report.problems.size()) {
    print("… and " + std::to_string(report.problem_count - report.problems.size()) + " more\n");
  }
  print("looked at " + counted(report.runs, "run") + ", " + counted(report.blobs, "blob") + ", " +
        verbs::bytes_text(report.bytes) + ": " +
        (report.problem_count ? counted(report.problem_count, "problem") + "\n" : "all is sound\n"));
  if (report.set_aside) print("set aside " + counted(report.set_aside, "damaged blob") + "\n");
  if (report.orphan_blobs) {
    print("no run needs " + counted(report.orphan_blobs, "blob") + ", " + verbs::bytes_text(report.orphan_bytes) +
          "; `gc` removes them\n");
  }
}

int check(Context& context, const Options& options) {
  auto mode = options.repair   ? verbs::FsckMode::repair
              : options.verify ? verbs::FsckMode::verify
                               : verbs::FsckMode::quick;
  verbs::FsckReport report = verbs::fsck(context.open(), mode);
  options.json ? print(verbs::as_json(report) + "\n") : print_report(report);
  return report.problem_count ? 1 : 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.flag("--verify", options->verify, "read every byte, too");
  line.flag("--repair", options->repair, "read every byte, and set damaged blobs aside so that they can be made again");
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) { return check(context, *options); };
}

}  // namespace

extern const Verb fsck_verb;
const Verb fsck_verb{"fsck", "check that all is there and sound", declare};

}  // namespace backlot::cli
