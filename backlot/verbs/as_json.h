// What verbs return, as JSON texts: the --json twin of everything that is printed for people, and what the server
// sends. Times are RFC 3339 in UTC, durations seconds; what is not known is left out.
#pragma once
#include <string>
#include <vector>

#include "backlot/catalog/sqlite/salvage.h"
#include "backlot/verbs/backup.h"
#include "backlot/verbs/diff.h"
#include "backlot/verbs/doctor.h"
#include "backlot/verbs/fsck.h"
#include "backlot/verbs/gc.h"
#include "backlot/verbs/logs.h"
#include "backlot/verbs/show.h"
#include "backlot/verbs/upgrade.h"

namespace backlot::verbs {

std::string as_json(const std::vector<client::Run>& runs);
std::string as_json(const std::vector<client::Step>& steps);
std::string as_json(const std::vector<client::Task>& tasks);
std::string as_json(const std::vector<client::Artifact>& artifacts);  ///< without their values
std::string as_json(const RunDetails& run);
std::string as_json(const TaskDetails& task);
std::string as_json(const LogPiece& piece);  ///< on one line
std::string as_json(const RunDifference& difference);
std::string as_json(const GcReport& report);
std::string as_json(const UpgradeReport& report);
std::string as_json(const Salvaged& salvaged);
std::string as_json(const BackupReport& report);
std::string as_json(const FsckReport& report);
std::string as_json(const std::vector<HealthCheck>& checks);

}  // namespace backlot::verbs
