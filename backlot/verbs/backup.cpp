#include "backlot/verbs/backup.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/home/open.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "backlot/base/copy_file.h"
#include "backlot/base/durable_folder.h"
#include "backlot/client/connection.h"
#include "backlot/client/run_log.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

namespace fs = std::filesystem;

/// Copies from one home to another what a catalog needs.
class Copy {
 public:
  Copy(Files& files, Home from, Home to) : files_(files), from_(std::move(from)), to_(std::move(to)) {
    make_durable_folder(files_, to_.root);
    source_ = open_store(from_);
    target_ = open_store(to_);
  }

  /// All that `catalog` names.
  BackupReport copy(Catalog& catalog) {
    for (const RunRow& run : all_runs(catalog)) {
      ++report_.runs;
      if (run.state == RunState::running) leave_lost(run);
      copy_log(run.flow + "/" + std::to_string(run.run_id));
      each_blob(catalog, run, [&](const Holder&, const Digest& id) { copy_blob(id); });
      catalog.each_finished(run.key, [&](const TaskRow& task, const AttemptRow&) {
        if (task.is_clone()) copy_log_of(catalog, task.origin);
      });
    }
    for (const Pin& pin : catalog.pins()) copy_blob(pin.blob);
    target_->sync_names(copied_);
    return std::move(report_);
  }

  /// Folders of runs that the catalog does not name.
  void remove_other_logs() {
    for (const std::string& flow : files_.list(to_.runs())) {
      for (const std::string& id : files_.list(to_.runs() + "/" + flow))
        if (!logs_.contains(flow + "/" + id)) fs::remove_all(to_.runs() + "/" + flow + "/" + id);
    }
  }

 private:
  /// There nobody holds the run's lease, nor ever did.
  void leave_lost(const RunRow& run) {
    ++report_.live_runs;
    make_durable_folder(files_, to_.run(run.flow, run.run_id));
    files_.open(to_.lease(run.flow, run.run_id), OpenMode::open_or_create);
  }

  void copy_blob(const Digest& needed) {
    std::vector<Digest> todo{needed};
    while (!todo.empty()) {
      Digest id = todo.back();
      todo.pop_back();
      if (!seen_.insert(id).second) continue;
      ++report_.blobs;
      try {
        auto info = source_->info(id);
        if (!info) throw Error(ErrorCode::not_found, "blob " + id.hex() + " is missing");
        todo.insert(todo.end(), info->refers_to.begin(), info->refers_to.end());
        report_.new_blobs += source_->give(id, to_.store());
        copied_.push_back(id);
      } catch (const Error& e) {
        if (e.code() != ErrorCode::not_found && e.code() != ErrorCode::corrupt) throw;
        report_.missing.push_back(e.what());
      }
    }
  }

  /// A clone's log is that of the run that executed it, which may have been removed.
  void copy_log_of(Catalog& catalog, RunKey origin) {
    if (!origins_.insert(origin).second) return;
    if (auto row = catalog.run(origin)) return copy_log(row->flow + "/" + std::to_string(row->run_id));
    if (auto folder = catalog.note(client::log_note(origin))) copy_log(*folder);
  }

  /// Segments only grow, and what is committed of them is durable: a copy as they are now has all of it.
  void copy_log(const std::string& run) {
    if (!logs_.insert(run).second) return;
    const std::string from = from_.runs() + "/" + run + "/log", to = to_.runs() + "/" + run + "/log";
    std::vector<std::string> segments = files_.list(from);
    if (segments.empty()) return;
    make_durable_folder(files_, to);
    for (const std::string& name : segments) {
      auto source = files_.info(from + "/" + name), target = files_.info(to + "/" + name);
      if (!source || (target && target->size == source->size)) continue;
      copy_file(from + "/" + name, to + "/" + name, MayShare::no);
      report_.log_bytes += source->size;
    }
    files_.sync_directory(to);
  }

  Files& files_;
  Home from_, to_;
  std::unique_ptr<BlobStore> source_, target_;
  BackupReport report_;
  std::set<Digest> seen_;
  std::vector<Digest> copied_;
  std::set<std::string> logs_;
  std::set<RunKey> origins_;
};

/// What SQLite and the catalog's lock leave beside a catalog that nobody has open.
void remove_beside(const std::string& path) {
  for (const char* suffix : {"-wal", "-shm", ".lock"}) fs::remove(path + suffix);
}
void remove_catalog(const std::string& path) {
  fs::remove(path);
  remove_beside(path);
}

/// Copies what the catalog at `path` names, and leaves it as one file.
BackupReport copy_what_it_names(const std::string& path, Copy& copy) {
  auto catalog = open_sqlite_catalog(path);
  BackupReport report = copy.copy(*catalog);
  catalog->settle(INT64_MAX);
  catalog.reset();
  remove_beside(path);
  return report;
}

bool lies_in(const std::string& folder, const std::string& other) {
  fs::path relative = fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(other));
  return !relative.empty() && *relative.begin() != "..";
}

void refuse_foreign_folder(const std::string& folder, const Home& home) {
  if (lies_in(folder, home.root) || lies_in(home.root, folder))
    throw Error(ErrorCode::usage, folder + " and the home " + home.root + " lie in each other",
                "name a folder beside it");
  if (!fs::exists(folder) || fs::is_empty(folder) || fs::exists(Home{folder}.catalog()) ||
      fs::exists(folder + "/store"))
    return;
  throw Error(ErrorCode::usage, folder + " is neither empty nor an earlier backup", "name another folder");
}

/// What the folder holds must be an older state of this home: else runs would be lost there without a word.
void refuse_other_home(client::Connection& home, const Home& to) {
  if (!fs::exists(to.catalog())) return;
  auto copy = open_catalog(to);
  if (copy->id() != home.catalog().id())
    throw Error(ErrorCode::usage, to.root + " holds a backup of another home", "name another folder");
  for (const RunRow& run : all_runs(*copy)) {
    auto known = home.catalog().run(run.key);
    if (known && known->flow == run.flow && known->run_id == run.run_id) continue;
    if (!known && home.catalog().was_removed(run.key)) continue;
    throw Error(ErrorCode::usage, to.root + " holds " + address(run) + ", which this home never had",
                "somebody ran it there: name another folder, or move those runs here first");
  }
}

}  // namespace

BackupReport backup(const client::Client& client, const std::string& folder) {
  client::Connection& home = *opened(client);
  const Home to{fs::absolute(folder).lexically_normal().string()};
  refuse_foreign_folder(to.root, home.home());
  make_home(to);
  auto lock = home.files().try_lock(to.root + "/backup.lock");
  if (!lock) throw Error(ErrorCode::conflict, "another backup to " + to.root + " is going on", "wait for its end");
  refuse_other_home(home, to);
  const std::string snapshot = to.catalog() + ".new";
  remove_catalog(snapshot);
  home.catalog().rescue(snapshot);  // first: what it names exists from now on, in the store or in its trash
  Copy copy(home.files(), home.home(), to);
  BackupReport report = copy_what_it_names(snapshot, copy);
  remove_beside(to.catalog());  // of an earlier one, if it was opened
  home.files().rename(snapshot, to.catalog());
  home.files().sync_directory(to.root);
  copy.remove_other_logs();
  return report;
}

BackupReport restore(const Home& home, const std::string& folder) {
  Files& files = system_files();
  const Home from{fs::absolute(folder).lexically_normal().string()};
  if (has_runs(home.catalog()))
    throw Error(ErrorCode::usage, "there are runs in " + home.root + " already",
                "set BACKLOT_HOME to an empty folder, or move the home away");
  if (!fs::exists(from.catalog())) throw Error(ErrorCode::usage, folder + " holds no backup", "see `backlot backup`");
  make_home(home);
  const std::string arriving = home.catalog() + ".new";
  remove_catalog(arriving);
  copy_file(from.catalog(), arriving, MayShare::no);
  Copy copy(files, from, home);
  BackupReport report = copy_what_it_names(arriving, copy);
  remove_beside(home.catalog());
  files.rename(arriving, home.catalog());  // last: a restore that was cut off has made no home
  files.sync_directory(home.root);
  return report;
}

}  // namespace backlot::verbs
