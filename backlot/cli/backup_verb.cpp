#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/home/home.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/backup.h"
#include "backlot/verbs/bytes_text.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string folder;
  bool json = false;
};

int print_backup_report(const verbs::BackupReport& report, const Options& options) {
  if (options.json) {
    print(verbs::as_json(report) + "\n");
    return report.missing.empty() ? 0 : 1;
  }
  for (const std::string& line : report.missing) print("missing: " + line + "\n");
  print(counted(report.runs, "run") + ", " + counted(report.blobs, "blob") + ", " + std::to_string(report.new_blobs) +
        " of them copied now, with " + verbs::bytes_text(report.log_bytes) + " of logs\n");
  if (report.live_runs > 0)
    print(counted(report.live_runs, "run") + " going on at that moment: lost in the copy, and to be resumed there\n");
  return report.missing.empty() ? 0 : 1;
}

Action declare_backup(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.footer("Runs may go on meanwhile. An earlier backup in the folder is brought up to date.");
  line.add("folder", options->folder, "where to, outside of the home").required();
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) {
    return print_backup_report(verbs::backup(context.open(), options->folder), *options);
  };
}

Action declare_restore(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.footer("`backlot fsck --verify` then reads all of it once.");
  line.add("folder", options->folder, "a backup").required();
  line.flag("--json", options->json, "print JSON");
  return [options](Context&) { return print_backup_report(verbs::restore(find_home(), options->folder), *options); };
}

}  // namespace

extern const Verb backup_verb, restore_verb;
const Verb backup_verb{"backup", "copy the home to another folder, while runs go on", declare_backup};
const Verb restore_verb{"restore", "make a home of a backup", declare_restore};

}  // namespace backlot::cli
