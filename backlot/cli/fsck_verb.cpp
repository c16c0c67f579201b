#include <algorithm>
#include <memory>

#include "backlot/catalog/sqlite/rescued.h"
#include "backlot/catalog/sqlite/salvage.h"
#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/home/home.h"
#include "backlot/sql/damaged_pages.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"
#include "backlot/verbs/fsck.h"

namespace backlot::cli {
namespace {

struct Options {
  bool verify = false, repair = false, salvage = false, rescue = false, json = false;
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

/// What is wrong with a catalog that cannot be read to its end.
verbs::FsckReport report_of(const Error& damage) {
  constexpr const char* fix = "restore a backup; or `backlot fsck --salvage` keeps what can be read";
  const std::string path = find_home().catalog();
  verbs::FsckReport report;
  for (std::int64_t page : damaged_pages_in(system_files(), path))
    report.problems.push_back({"page", path, "page " + std::to_string(page) + " is not what was written", fix});
  if (report.problems.empty()) report.problems.push_back({"catalog", path, damage.message(), fix});
  report.problem_count = report.problems.size();
  return report;
}

verbs::FsckReport look(verbs::FsckMode mode) {
  try {
    return verbs::fsck(client::Client(find_home()), mode);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::corrupt) throw;
    return report_of(e);
  }
}

int salvage(bool json) {
  const verbs::FsckReport found = look(verbs::FsckMode::quick);
  const bool damaged = std::any_of(found.problems.begin(), found.problems.end(), [](const Diagnostic& d) {
    return d.rule == "page" || d.rule.starts_with("catalog");
  });
  if (!damaged) throw Error(ErrorCode::usage, "nothing of the catalog is damaged", "there is nothing to salvage");
  Salvaged saved = salvage_catalog(find_home().catalog());
  if (json) {
    print(verbs::as_json(saved) + "\n");
  } else {
    print("kept " + counted(saved.runs, "run") + ", " + counted(saved.tasks, "task") + ", " +
          counted(saved.attempts, "attempt") + "\n");
    if (saved.mended_pages) print("mended " + counted(saved.mended_pages, "page") + ": in each one bit was flipped\n");
    for (const std::string& line : saved.lost) print("lost: " + line + "\n");
    print("the damaged files are now " + saved.damaged + " and " + saved.damaged + "-wal\n");
    if (!saved.lost.empty()) print("what is lost can only come from a backup: keep the damaged files until then\n");
  }
  return saved.lost.empty() ? 0 : 1;
}

int rescue() {
  print("put " + put_rescued_in_place(find_home().catalog()) + " in its place\n");
  return 0;
}

int check(const Options& options) {
  if (options.rescue) return rescue();
  if (options.salvage) return salvage(options.json);
  auto mode = options.repair   ? verbs::FsckMode::repair
              : options.verify ? verbs::FsckMode::verify
                               : verbs::FsckMode::quick;
  verbs::FsckReport report = look(mode);
  options.json ? print(verbs::as_json(report) + "\n") : print_report(report);
  return report.problem_count ? 1 : 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.flag("--verify", options->verify, "read every byte, too");
  line.flag("--repair", options->repair, "read every byte, and set damaged blobs aside so that they can be made again");
  line.flag("--salvage", options->salvage,
            "make a catalog of what can be read of a damaged one; nothing may be running");
  line.flag("--rescue", options->rescue,
            "put the catalog that a run saved when its own was lost in its place; nothing may be running");
  line.flag("--json", options->json, "print JSON");
  return [options](Context&) { return check(*options); };
}

}  // namespace

extern const Verb fsck_verb;
const Verb fsck_verb{"fsck", "check that all is there and sound", declare};

}  // namespace backlot::cli
