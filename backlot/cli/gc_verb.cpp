#include <charconv>
#include <memory>

#include "backlot/cli/terminal.h"
#include "backlot/cli/verb.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/bytes_text.h"
#include "backlot/verbs/disk_room.h"
#include "backlot/verbs/gc.h"

namespace backlot::cli {
namespace {

struct Options {
  std::string older_than, tag, max_size, trash_age = "1d";
  std::vector<std::string> runs, flows, users, keep_tags;
  int keep_newest = -1;
  bool all_users = false, dry_run = false, json = false;
};

/// "30d", "12h", "45m", "10s"
Micros parse_age(const std::string& option, const std::string& text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string unit(end, text.data() + text.size());
  std::int64_t seconds = unit == "d" ? 86'400 : unit == "h" ? 3'600 : unit == "m" ? 60 : unit == "s" ? 1 : 0;
  constexpr std::int64_t longest = 36'500;  // days: beyond it is no age, and would overflow
  if (error != std::errc() || seconds == 0 || number < 0 || number > longest * 86'400 / seconds) {
    throw Error(ErrorCode::usage, option + ": \"" + text + "\" is no age", "such as 30d, 12h or 45m");
  }
  return number * seconds * 1'000'000;
}

/// The pathspec of a run that must be there: who names one means it.
std::string run_named(const std::string& text, const client::Client& client) {
  const Pathspec spec = Pathspec::parse(text);
  if (!spec.run || !spec.step.empty())
    throw Error(ErrorCode::usage, "--run: \"" + text + "\" names no run", "such as Flow/7");
  return client.run(spec).pathspec();
}

verbs::GcPolicy policy_of(const Options& options, const client::Client& client) {
  const Micros now = client.now();
  if (options.all_users && !options.users.empty())
    throw Error(ErrorCode::usage, "--user and --all-users: give one of them",
                "--all-users is for the runs of everybody");
  verbs::GcPolicy policy;
  for (const std::string& run : options.runs) policy.runs.push_back(run_named(run, client));
  policy.flows = options.flows;
  policy.users = options.users;
  policy.all_users = options.all_users;
  if (!options.older_than.empty()) policy.older_than = now - parse_age("--older-than", options.older_than);
  if (options.keep_newest >= 0) policy.keep_newest = static_cast<std::size_t>(options.keep_newest);
  policy.tag = options.tag;
  policy.keep_tags = options.keep_tags;
  policy.dry_run = options.dry_run;
  policy.trash_age = parse_age("--trash-age", options.trash_age);
  if (options.max_size.empty()) return policy;
  policy.max_bytes = verbs::parse_bytes(options.max_size);
  if (policy.max_bytes) return policy;
  throw Error(ErrorCode::usage, "--max-size: \"" + options.max_size + "\" is no size", "such as 500M or 20G");
}

/// On a full disk the catalog may not even have room to be opened.
client::Client& open(Context& context, bool may_drop_ballast) {
  try {
    return context.open();
  } catch (const Error& e) {
    if (e.code() != ErrorCode::no_space || !may_drop_ballast || !verbs::drop_ballast(find_home())) throw;
    return context.open();
  }
}

int gc(Context& context, const Options& options) {
  client::Client& client = open(context, !options.dry_run);
  verbs::GcReport report = verbs::collect_garbage(client, policy_of(options, client));
  if (options.json) {
    print(verbs::as_json(report) + "\n");
    return 0;
  }
  if (report.disk_was_full) print("the disk is full: the trash need not be old to go\n");
  std::string would = options.dry_run ? "would remove " : "removed ";
  for (const std::string& run : report.runs) print(would + run + "\n");
  print(would + counted(report.runs.size(), "run") + ", kept " + std::to_string(report.kept_runs) + "\n");
  if (report.kept_of_others) {
    print("kept " + counted(report.kept_of_others, "run") +
          " of other users; --user NAME or --all-users removes them, too\n");
  }
  print((options.dry_run ? "would move to the trash: " : "moved to the trash: ") + counted(report.blobs, "blob") +
        ", " + verbs::bytes_text(report.bytes) + "\n");
  if (report.young_blobs) {
    print("too young to go: " + counted(report.young_blobs, "blob") +
          "; a blob goes when it is an hour old and older than every live run\n");
  }
  if (!options.dry_run) print("deleted from the trash: " + verbs::bytes_text(report.freed_bytes) + "\n");
  return 0;
}

Action declare(CommandLine& line) {
  auto options = std::make_shared<Options>();
  line.footer(
      "A run goes when it has ended and meets all of --run, --flow, --user, --older-than, --keep-newest and --tag that "
      "are\n"
      "given; with none of them, and without --max-size, only blobs that no run needs go. They go to a trash first.\n"
      "With --max-size, --flow and --user only say which runs may go. Runs of other users stay unless --user names\n"
      "them or --all-users is given. On a full disk the trash is emptied whatever its age.");
  line.add("--run", options->runs, "this run; may be repeated");
  line.add("--flow", options->flows, "runs of this flow; may be repeated");
  line.add("--user", options->users, "runs of this user, not of the one who calls; may be repeated");
  line.flag("--all-users", options->all_users, "runs of all users, and those of which the user is not known");
  line.add("--older-than", options->older_than, "runs that ended longer ago than this, such as 30d");
  line.add("--keep-newest", options->keep_newest, "runs that are not among the newest N of their flow and user")
      .at_least(0);
  line.add("--tag", options->tag, "runs with this tag");
  line.add("--keep-tag", options->keep_tags, "but never a run with this tag; may be repeated");
  line.add("--max-size", options->max_size, "further runs, oldest first, until the rest takes less, such as 20G");
  line.add("--trash-age", options->trash_age, "delete what has been in the trash for longer than this").shows_default();
  line.flag("--dry-run", options->dry_run, "only tell what would go");
  line.flag("--json", options->json, "print JSON");
  return [options](Context& context) { return gc(context, *options); };
}

}  // namespace

extern const Verb gc_verb;
const Verb gc_verb{"gc", "remove old runs, and what nothing needs any more", declare};

}  // namespace backlot::cli
