// Removes runs that a policy lets go, and blobs that nothing needs any more. Safe beside running flows.
//
// On a full disk what no run needs goes first, for it needs no room; then the catalog has that room, or that of the
// ballast (disk_room.h), to remove runs. The trash is emptied whatever its age when nothing else has made room, and
// blobs stay only when they are younger than a minute, or than a live run.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

/// A run goes when it has ended and meets every condition that is given; with none given no run goes. Runs that still
/// run never go. One that lost its scheduler counts as ended when that was last heard of.
struct GcPolicy {
  std::vector<std::string> runs;           ///< one of these, by pathspec
  std::vector<std::string> flows;          ///< of one of these flows
  std::vector<std::string> users;          ///< of one of these users; none given: of the caller, and no condition
  bool all_users = false;                  ///< whoever they are of
  std::optional<Micros> older_than;        ///< ended before this time
  std::optional<std::size_t> keep_newest;  ///< not among this many newest runs that its user has of its flow
  std::string tag;                         ///< carries this tag
  std::vector<std::string> keep_tags;      ///< carries none of these; this alone lets no run go
  /// Further runs go, oldest first, until the blobs of those that stay take no more bytes. flows, users and keep_tags
  /// still hold: with max_bytes they only say which runs may go.
  std::optional<std::uint64_t> max_bytes;

  bool dry_run = false;               ///< report what would go; change nothing
  Micros margin = 3'600'000'000;      ///< blobs younger than this, or than any live run, stay unless the disk is full
  Micros trash_age = 86'400'000'000;  ///< what has been in the trash for less stays there unless the disk is full
};

struct GcReport {
  std::vector<std::string> runs;  ///< pathspecs of those removed
  std::uint64_t kept_runs = 0;
  std::uint64_t kept_of_others = 0;    ///< of these, runs of users who are not meant; with all_users they would go
  std::uint64_t blobs = 0, bytes = 0;  ///< moved to the trash
  std::uint64_t young_blobs = 0;       ///< that nothing needs, but too young to go
  std::uint64_t freed_bytes = 0;       ///< deleted from the trash
  std::vector<std::string> folders;    ///< of runs, whose logs nobody needs
  bool disk_was_full = false;
};

/// Makes the ballast again when it had to go. May be killed at any moment: what it had not done, the next one does.
/// Throws Error no_space when a run cannot be removed for lack of room; all that needs none is gone then.
GcReport collect_garbage(const client::Client& client, const GcPolicy& policy);

}  // namespace backlot::verbs
