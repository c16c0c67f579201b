#include "backlot/verbs/upgrade.h"

#include "backlot/client/backward_search.h"
#include "backlot/client/connection.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

/// The scheduler writes it for all tasks of a run, or for none.
bool lacks_parents(Catalog& catalog, RunKey run) {
  std::vector<TaskRow> first = catalog.tasks(run, "", 0, 1);
  return !first.empty() && !first[0].parents;
}

}  // namespace

UpgradeReport upgrade(const client::Client& client, const std::function<void(std::size_t, std::size_t)>& on_run) {
  UpgradeReport report;
  Catalog& catalog = opened(client)->catalog();
  const std::vector<RunRow> runs = all_runs(catalog);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    on_run(i, runs.size());
    if (!lacks_parents(catalog, runs[i].key)) continue;
    if (runs[i].state == RunState::running) {
      ++report.live;
      continue;
    }
    try {
      report.tasks += client::store_parents(catalog, runs[i].key);
      ++report.runs;
    } catch (const Error& e) {
      if (e.code() != ErrorCode::corrupt && e.code() != ErrorCode::wrong_type) throw;
      report.failed.push_back(address(runs[i]) + ": " + e.what());
    }
  }
  return report;
}

}  // namespace backlot::verbs
