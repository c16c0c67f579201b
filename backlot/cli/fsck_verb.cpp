#include <memory>
#include <optional>

#include "backlot/base/home.h"
#include "backlot/catalog/salvage.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"
#include "backlot/verbs/fsck.h"

namespace backlot::cli {
namespace {

struct Options {
  bool verify = false, repair = false, salvage = false, json = false;
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

int salvage() {
  const std::string path = find_home().catalog();
  Salvaged saved = salvage_catalog(path);
  print("kept " + counted(saved.runs, "run") + ", " + counted(saved.tasks, "task") + ", " +
        counted(saved.attempts, "attempt") + "\n");
  for (const std::string& line : saved.lost) print("lost: " + line + "\n");
  print("the damaged files are now " + saved.damaged + " and " + saved.damaged + "-wal\n");
  return 0;
}

/// The home, or what keeps its catalog from being opened.
std::optional<Error> opening_fails_with(Context& context) {
  try {
    context.open();
    return std::nullopt;
  } catch (const Error& e) {
    if (e.code() != ErrorCode::corrupt) throw;
    return e;
  }
}

int check(Context& context, const Options& options) {
  if (options.salvage) return salvage();
  if (auto damage = opening_fails_with(context)) {
    verbs::FsckReport report;
    report.problem_count = 1;
    report.problems.push_back({"catalog", find_home().catalog(), damage->message(),
                               "`backlot fsck --salvage` keeps what can be read of it; or restore a backup"});
    options.json ? print(verbs::as_json(report) + "\n") : print_report(report);
    return 1;
  }
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
  line.flag("--salvage", options->salvage,
            "make a catalog of what can be read of a damaged one; nothing may be running");
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) { return check(context, *options); };
}

}  // namespace

extern const Verb fsck_verb;
const Verb fsck_verb{"fsck", "check that all is there and sound", declare};

}  // namespace backlot::cli
