#include "backlot/verbs/removal.h"

#include <set>

#include "backlot/client/connection.h"
#include "backlot/verbs/lost_run.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

RunRow removable(const client::Client& client, const std::string& text) {
  const Pathspec spec = Pathspec::parse(text);
  if (!spec.run || !spec.step.empty()) throw Error(ErrorCode::usage, "\"" + text + "\" names no run", "such as Flow/7");
  RunRow run = client.run(spec).row();
  if (is_live(client, run))
    throw Error(ErrorCode::conflict, address(run) + " is still running", "`backlot cancel " + address(run) + "` first");
  return run;
}

void each_new_blob(const client::Client& client, const RunRow& run, BlobSet& set,
                   const std::function<void(const Digest&)>& added) {
  each_blob(opened(client)->catalog(), run, [&](const Holder&, const Digest& id) {
    for (const Digest& blob : set.add(id)) added(blob);
  });
}

bool takes_over(Catalog& catalog, const RunRow& run, const std::set<RunKey>& from) {
  bool takes = false;
  catalog.each_finished(run.key,
                        [&](const TaskRow& task, const AttemptRow&) { takes = takes || from.contains(task.origin); });
  return takes;
}

}  // namespace

Removal plan_removal(const client::Client& client, const std::vector<std::string>& runs) {
  if (runs.empty()) throw Error(ErrorCode::usage, "no run is named", "name each of those to be deleted");
  Removal removal;
  std::set<RunKey> going;
  for (const std::string& text : runs) {
    RunRow run = removable(client, text);
    if (going.insert(run.key).second) removal.runs.push_back(std::move(run));
  }
  Catalog& catalog = opened(client)->catalog();
  BlobStore& store = opened(client)->store();
  BlobSet seen(store);
  add_pinned(catalog, seen);
  for (const RunRow& run : all_runs(catalog)) {
    if (going.contains(run.key)) continue;
    each_new_blob(client, run, seen, [](const Digest&) {});
    if (takes_over(catalog, run, going)) removal.clones.push_back(address(run));
  }
  for (const RunRow& run : removal.runs) {
    each_new_blob(client, run, seen, [&](const Digest& blob) {
      auto info = store.info(blob);
      if (!info) return;
      ++removal.blobs;
      removal.bytes += info->stored_size;
    });
  }
  return removal;
}

GcPolicy policy_for(const Removal& removal) {
  GcPolicy policy;
  policy.all_users = true;
  for (const RunRow& run : removal.runs) policy.runs.push_back(address(run));
  return policy;
}

}  // namespace backlot::verbs
