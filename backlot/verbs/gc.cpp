#include "backlot/verbs/gc.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "backlot/verbs/leaving_runs.h"
#include "backlot/verbs/lost_run.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

using client::Client;

std::string folder_name(const RunRow& run) { return run.flow + "/" + std::to_string(run.run_id); }

class Collection {
 public:
  Collection(const Client& client, const GcPolicy& policy)
      : client_(client),
        home_(client.home()),
        files_(client.connection()->files),
        catalog_(*client.connection()->catalog),
        store_(*client.connection()->store),
        now_(client.connection()->clock.now()),
        policy_(policy) {}

  /// Runs go first, then the rest is marked, then what is not marked goes: a run that begins meanwhile can only take
  /// blobs over from runs that stay.
  GcReport collect() {
    std::vector<RunRow> runs = all_runs(catalog_);
    choose(runs);
    std::erase_if(runs, [&](const RunRow& r) { return going_.contains(r.key); });
    remember_needed_logs(runs);
    remove_leaving();
    if (!policy_.dry_run) runs = all_runs(catalog_);
    report_.kept_runs = runs.size();
    sweep_blobs(runs);
    sweep_folders();
    if (policy_.dry_run) return std::move(report_);
    std::filesystem::remove_all(home_.programs());
    report_.freed_bytes = store_.empty_trash(now_ - policy_.trash_age);
    return std::move(report_);
  }

 private:
  void choose(const std::vector<RunRow>& newest_first) {
    LeavingRuns chosen = leaving_runs(client_, policy_, newest_first);
    leaving_ = std::move(chosen.runs);
    report_.kept_of_others = chosen.of_others;
    for (const RunRow& run : leaving_) {
      going_.insert(run.key);
      report_.runs.push_back(folder_name(run));
    }
  }

  /// Clones, and what the step cache took over, refer to the log of the run that did it, which may go or be gone.
  void remember_needed_logs(const std::vector<RunRow>& staying) {
    std::set<RunKey> origins;
    for (const RunRow& run : staying) {
      needed_folders_.insert(folder_name(run));
      catalog_.each_finished(run.key, [&](const TaskRow& task, const AttemptRow&) {
        if (task.origin) origins.insert(task.origin);
      });
    }
    for (RunKey origin : origins) {
      auto row = catalog_.run(origin);
      auto note = catalog_.note(client::log_note(origin));
      if (row) needed_folders_.insert(folder_name(*row));
      if (!row && note) needed_folders_.insert(*note);
      bool leaves = row && going_.contains(origin) && !policy_.dry_run;
      if (leaves) catalog_.set_note(client::log_note(origin), folder_name(*row));
    }
  }

  /// Many in one transaction, for each syncs the disk; few enough that runs which go on wait for a moment only.
  void remove_leaving() {
    constexpr std::size_t at_once = 200;
    if (policy_.dry_run) return;
    std::vector<RunKey> batch;
    for (const RunRow& run : leaving_) {
      if (run.state == RunState::running) end_lost_run(client_, run, RunState::failed, "its scheduler was lost");
      batch.push_back(run.key);
      if (batch.size() == at_once) catalog_.remove_runs(std::exchange(batch, {}));
    }
    if (!batch.empty()) catalog_.remove_runs(batch);
  }

  Micros sweep_limit(const std::vector<RunRow>& runs) const {
    Micros oldest_live = now_;
    for (const RunRow& run : runs) {
      if (is_live(client_, run)) oldest_live = std::min(oldest_live, run.created);
    }
    return oldest_live - policy_.margin;
  }

  void sweep_blobs(const std::vector<RunRow>& staying) {
    BlobSet needed(store_);
    for (const RunRow& run : staying)
      each_blob(catalog_, run, [&](const Holder&, const Digest& id) { needed.add(id); });
    std::vector<Digest> garbage;
    store_.each([&](const Digest& id) {
      if (!needed.contains(id)) garbage.push_back(id);
    });
    const Micros limit = sweep_limit(staying);
    for (const Digest& id : garbage) {
      auto info = store_.info(id);
      if (!info) continue;
      bool goes = policy_.dry_run ? info->refreshed < limit : store_.discard(id, limit);
      goes ? ++report_.blobs : ++report_.young_blobs;
      if (goes) report_.bytes += info->stored_size;
    }
  }

  void sweep_folders() {
    for (const std::string& flow : files_.list(home_.runs())) {
      auto entry = files_.info(home_.runs() + "/" + flow);
      if (!entry || !entry->is_directory) continue;
      for (const std::string& id : files_.list(home_.runs() + "/" + flow)) {
        std::string name = flow + "/" + id;
        if (needed_folders_.contains(name) || is_run(flow, id)) continue;
        report_.folders.push_back(name);
        if (!policy_.dry_run) std::filesystem::remove_all(home_.runs() + "/" + name);
      }
    }
  }

  /// Asked at the last moment: a run may have begun since.
  bool is_run(const std::string& flow, const std::string& id) {
    bool number = !id.empty() && id.size() < 19 && id.find_first_not_of("0123456789") == id.npos;
    auto row = number ? catalog_.run(flow, std::stoll(id)) : std::nullopt;
    return !number || (row && !going_.contains(row->key));
  }

  const Client& client_;
  const Home& home_;
  Files& files_;
  Catalog& catalog_;
  BlobStore& store_;
  const Micros now_;
  const GcPolicy& policy_;
  GcReport report_;
  std::set<RunKey> going_;
  std::vector<RunRow> leaving_;
  std::set<std::string> needed_folders_;
};

}  // namespace

GcReport collect_garbage(const Client& client, const GcPolicy& policy) { return Collection(client, policy).collect(); }

}  // namespace backlot::verbs
