#include "backlot/verbs/gc.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "backlot/catalog/sqlite/rescued.h"
#include "backlot/client/connection.h"
#include "backlot/client/run_log.h"
#include "backlot/verbs/disk_room.h"
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
        files_(opened(client)->files()),
        catalog_(opened(client)->catalog()),
        store_(opened(client)->store()),
        now_(client.now()),
        policy_(policy) {}

  /// Runs go first, then the rest is marked, then what is not marked goes: a run that begins meanwhile can only take
  /// blobs over from runs that stay. On a full disk what needs no room goes before.
  GcReport collect() {
    refuse_beside_rescued(files_, home_.catalog());  // it names what this one does not
    report_.disk_was_full = is_full();
    std::vector<RunRow> runs = all_runs(catalog_);
    if (report_.disk_was_full && !policy_.dry_run) {
      sweep(runs);
      runs = all_runs(catalog_);
    }
    choose(runs);
    std::erase_if(runs, [&](const RunRow& r) { return going_.contains(r.key); });
    if (!policy_.dry_run) {
      remove_leaving(runs);
      runs = all_runs(catalog_);
    }
    report_.kept_runs = runs.size();
    sweep(runs);
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
  std::set<RunKey> origins_in(const std::vector<RunRow>& runs) {
    std::set<RunKey> origins;
    for (const RunRow& run : runs) {
      catalog_.each_finished(run.key, [&](const TaskRow& task, const AttemptRow&) {
        if (task.is_clone()) origins.insert(task.origin);
      });
    }
    return origins;
  }

  /// Of a run that is gone, a note says where the log is.
  void note_needed_logs(const std::vector<RunRow>& staying) {
    for (RunKey origin : origins_in(staying)) {
      if (!going_.contains(origin)) continue;
      if (auto row = catalog_.run(origin)) catalog_.set_note(client::log_note(origin), folder_name(*row));
    }
  }

  void find_needed_folders(const std::vector<RunRow>& staying) {
    needed_folders_.clear();
    for (const RunRow& run : staying) needed_folders_.insert(folder_name(run));
    for (RunKey origin : origins_in(staying)) {
      auto row = catalog_.run(origin);
      auto note = catalog_.note(client::log_note(origin));
      if (row) needed_folders_.insert(folder_name(*row));
      if (!row && note) needed_folders_.insert(*note);
    }
  }

  /// Many in one transaction, for each syncs the disk; few enough that runs which go on wait for a moment only. On a
  /// full disk ever fewer, the small ones first: the catalog's log needs room for all that one transaction changes.
  void remove_leaving(const std::vector<RunRow>& staying) {
    std::size_t at_once = 200;
    bool noted = false;
    while (!leaving_.empty()) {
      try {
        if (!noted) note_needed_logs(staying);
        noted = true;
        remove_first(std::min(at_once, leaving_.size()));
        if (report_.disk_was_full) empty_log();
      } catch (const Error& e) {
        if (e.code() != ErrorCode::no_space) throw;
        if (!make_room() && at_once == 1) {
          throw Error(e.code(), e.message(),
                      "all that could go without room is gone: free a few MB elsewhere, then `gc`");
        }
        std::sort(leaving_.begin(), leaving_.end(), [](auto& a, auto& b) { return a.tasks < b.tasks; });
        at_once = std::max<std::size_t>(1, at_once / 10);
      }
    }
  }

  /// What is told of an error in here may have happened all the same: nothing is taken for granted.
  void remove_first(std::size_t count) {
    std::vector<RunKey> there;
    for (std::size_t i = 0; i < count; ++i) {
      auto run = catalog_.run(leaving_[i].key);
      if (!run) continue;
      if (run->state == RunState::running) end_lost_run(client_, *run, RunState::failed, "its scheduler was lost");
      there.push_back(run->key);
    }
    if (!there.empty()) catalog_.remove_runs(there);
    leaving_.erase(leaving_.begin(), leaving_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  void empty_log() { catalog_.settle(INT64_MAX); }

  /// After the catalog has met the end of the disk. False when there is no more to give.
  bool make_room() {
    met_end_ = report_.disk_was_full = true;
    empty_log();
    const std::uint64_t before = report_.freed_bytes;
    sweep(all_runs(catalog_));
    return report_.freed_bytes > before || drop_ballast(home_);
  }

  /// Of a quota only its end can be met.
  bool is_full() const { return met_end_ || is_disk_full(home_); }

  void sweep(const std::vector<RunRow>& staying) {
    find_needed_folders(staying);
    sweep_blobs(staying);
    sweep_folders();
    if (policy_.dry_run) return;
    take_back_pinned();
    std::filesystem::remove_all(home_.programs());
    report_.freed_bytes += store_.empty_trash(now_ - policy_.trash_age);
    if (is_full()) empty_whole_trash();
  }

  /// Whoever needs something of it meanwhile has taken it back, or makes it again.
  void empty_whole_trash() { report_.freed_bytes += store_.empty_trash(INT64_MAX); }

  Micros sweep_limit(const std::vector<RunRow>& runs) const {
    Micros oldest_live = now_;
    for (const RunRow& run : runs) {
      if (is_live(client_, run)) oldest_live = std::min(oldest_live, run.created);
    }
    constexpr Micros minute = 60'000'000;
    return oldest_live - (is_full() ? std::min(policy_.margin, minute) : policy_.margin);
  }

  void sweep_blobs(const std::vector<RunRow>& staying) {
    BlobSet needed(store_);
    for (const RunRow& run : staying)
      each_blob(catalog_, run, [&](const Holder&, const Digest& id) { needed.add(id); });
    add_pinned(catalog_, needed);
    std::vector<Digest> garbage;
    store_.each([&](const Digest& id) {
      if (!needed.contains(id)) garbage.push_back(id);
    });
    const Micros limit = sweep_limit(staying);
    report_.young_blobs = 0;
    for (const Digest& id : garbage) {
      auto info = store_.info(id);
      if (!info) continue;
      bool goes = policy_.dry_run ? info->refreshed < limit : discard(id, limit);
      goes ? ++report_.blobs : ++report_.young_blobs;
      if (goes) report_.bytes += info->stored_size;
    }
  }

  /// What was pinned since the pins were read (pins.h).
  void take_back_pinned() {
    BlobSet pinned(store_);
    add_pinned(catalog_, pinned);
  }

  /// The trash may have to grow for another name: where it cannot, its names make room for others.
  bool discard(const Digest& id, Micros limit) {
    try {
      return store_.discard(id, limit);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::no_space) throw;
      empty_whole_trash();
      return store_.discard(id, limit);
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
  bool met_end_ = false;  ///< of the disk, in the catalog
  std::set<std::string> needed_folders_;
};

}  // namespace

GcReport collect_garbage(const Client& client, const GcPolicy& policy) {
  struct AtEnd {
    const Home* home;
    ~AtEnd() {
      if (home) keep_ballast(*home, Spare::any);
    }
  } ballast{policy.dry_run ? nullptr : &client.home()};  // also when it failed: the next one will need it
  return Collection(client, policy).collect();
}

}  // namespace backlot::verbs
