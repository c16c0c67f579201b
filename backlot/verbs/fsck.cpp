#include "backlot/verbs/fsck.h"

#include <functional>
#include <map>
#include <set>

#include "backlot/catalog/sqlite/rescued.h"
#include "backlot/client/connection.h"
#include "backlot/client/run_log.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

using client::Client;

constexpr std::size_t shown_problems = 1000;

class Check {
 public:
  Check(const Client& client, FsckMode mode)
      : home_(client.home()),
        files_(opened(client)->files()),
        catalog_(opened(client)->catalog()),
        store_(opened(client)->store()),
        mode_(mode) {}

  FsckReport report() {
    for (Diagnostic& d : catalog_.check()) problem(std::move(d));
    for (const std::string& rescued : rescued_catalogs(files_, home_.catalog()))
      problem({"rescued", rescued, "holds what runs had committed when their catalog was lost",
               "`backlot fsck --rescue` puts it in its place; or remove it"});
    for (const RunRow& run : all_runs(catalog_)) {
      ++report_.runs;
      folders_.insert(run.flow + "/" + std::to_string(run.run_id));
      check_blobs_of(run);
      check_log_of(run);
    }
    for (const Pin& pin : catalog_.pins()) check_pin(pin);
    report_blobs();
    look_for_orphan_blobs();
    look_for_orphan_folders();
    return std::move(report_);
  }

 private:
  void problem(Diagnostic d) {
    if (++report_.problem_count <= shown_problems) report_.problems.push_back(std::move(d));
  }

  /// A blob that was looked at. Empty `wrong`: it is sound.
  struct Blob {
    std::string wrong;
    std::string needed_by;  ///< the first that needs it: of the runs the newest comes first
    std::string remedy;
    std::uint64_t needs = 0;
    bool executed = false;  ///< `remedy` is about the run that made it, not about one that took it over
  };

  /// Who needs a blob, and how it is made again: by the task that executed, or one that took it over.
  struct Need {
    std::string by, remedy;
    bool executed = false;
  };

  static std::string place(const RunRow& run, const Holder& holder) {
    std::string text = address(run);
    if (holder.task) text += " task " + std::to_string(holder.task) + " attempt " + std::to_string(holder.attempt);
    return text;
  }

  void check_blobs_of(const RunRow& run) {
    each_blob(
        catalog_, run,
        [&](const Holder& holder, const Digest& id) { check_blob(id, [&] { return need_of(run, holder); }); },
        [&](const Holder& holder, const Error& e) {
          problem({"manifest", place(run, holder), "its manifest is damaged: " + e.message(),
                   "run the task again: " + need_of(run, holder).remedy});
        });
  }

  /// Of one that a run names, too, the run's command makes it again.
  void check_pin(const Pin& pin) {
    const std::string name = pin.domain + "/" + pin.name;
    check_blob(pin.blob, [&] { return Need{"the pin " + name, "save " + name + " again", false}; });
  }

  /// Checks a blob and what it refers to, each once.
  void check_blob(const Digest& needed, const std::function<Need()>& of_whom) {
    std::vector<Digest> todo{needed};
    while (!todo.empty()) {
      Digest id = todo.back();
      todo.pop_back();
      auto [entry, is_new] = blobs_.try_emplace(id);
      Blob& blob = entry->second;
      if (is_new) blob.wrong = complaint_of(id, todo);
      if (blob.wrong.empty()) continue;
      if (blob.needs++ > 0 && blob.executed) continue;
      Need need = of_whom();
      if (blob.needs > 1 && !need.executed) continue;
      blob.needed_by = std::move(need.by);
      blob.remedy = std::move(need.remedy);
      blob.executed = need.executed;
    }
  }

  /// Of the values of a task, or of the run itself.
  Need need_of(const RunRow& run, const Holder& holder) {
    const std::string by = place(run, holder);
    if (holder.task == 0) return {by, "start the flow's program again, with the same parameters", true};
    auto task = catalog_.task(run.key, holder.task);
    if (!task) return {by, "run the flow again", false};
    return {by, "`backlot rerun " + address(run) + ' ' + task->step + '`', !task->is_clone()};
  }

  std::string complaint_of(const Digest& id, std::vector<Digest>& refers_to) {
    try {
      auto info = store_.info(id);
      if (!info) return "is missing";
      refers_to.insert(refers_to.end(), info->refers_to.begin(), info->refers_to.end());
      ++report_.blobs;
      report_.bytes += info->stored_size;
      if (mode_ != FsckMode::quick) store_.verify(id);
      return "";
    } catch (const Error& e) {
      if (e.code() != ErrorCode::corrupt) return std::string("cannot be read: ") + e.message();
      return is_set_aside(id) ? "was damaged, and is set aside" : "is damaged: " + e.message();
    }
  }

  bool is_set_aside(const Digest& id) {
    if (mode_ != FsckMode::repair || !store_.set_aside(id)) return false;
    ++report_.set_aside;
    return true;
  }

  void report_blobs() {
    for (auto& [id, blob] : blobs_) {
      if (blob.wrong.empty()) continue;
      std::string others = blob.needs > 1 ? " and " + std::to_string(blob.needs - 1) + " more" : "";
      problem({"blob", "blob " + id.hex(), blob.wrong + "; needed by " + blob.needed_by + others,
               "to make it again: " + blob.remedy});
    }
  }

  void check_log_of(const RunRow& run) {
    LogReader log(files_, home_.log(run.flow, run.run_id));
    std::uint64_t end = log.end();
    catalog_.each_finished(run.key, [&](const TaskRow& task, const AttemptRow& attempt) {
      const LogIndex& index = attempt.log;
      if (task.is_clone()) {  // a clone's log is checked with its origin run; when that was removed, the log stays
        if (auto folder = catalog_.note(client::log_note(task.origin))) folders_.insert(*folder);
        return;
      }
      if (index.end == 0) return;
      if (index.begin > index.end || index.end > end) {
        problem({"log", place(run, {task.number, attempt.attempt}),
                 "its log should reach to byte " + std::to_string(index.end) + ", but the run's log ends at " +
                     std::to_string(end),
                 "what it wrote is lost; its artifacts are not"});
      }
    });
    if (mode_ == FsckMode::quick) return;
    std::uint64_t damaged = log.each({}, [](const LogRecord&) { return true; }).damaged;
    if (damaged) problem({"log", place(run, {}), std::to_string(damaged) + " bytes of its log are damaged", ""});
  }

  void look_for_orphan_blobs() {
    store_.each([&](const Digest& id) {
      if (blobs_.contains(id)) return;
      ++report_.orphan_blobs;
      try {
        if (auto info = store_.info(id)) report_.orphan_bytes += info->stored_size;
      } catch (const Error& e) {
        bool aside = e.code() == ErrorCode::corrupt && is_set_aside(id);
        problem({"blob", "blob " + id.hex(), aside ? "was damaged, and is set aside" : "is damaged: " + e.message(),
                 "nothing needs it: `backlot gc` removes it"});
      }
    });
  }

  /// Of a run that the catalog does not know: it was lost there, or gc was stopped before it had removed the folder.
  void look_for_orphan_folders() {
    const std::string runs = home_.runs();
    for (const std::string& flow : files_.list(runs)) {
      auto entry = files_.info(runs + "/" + flow);
      if (!entry || !entry->is_directory) continue;
      for (const std::string& id : files_.list(runs + "/" + flow)) {
        if (folders_.contains(flow + "/" + id)) continue;
        problem({"folder", "runs/" + flow + "/" + id, "the catalog knows no such run",
                 "bring the catalog back that knows it, or let `backlot gc` remove the folder"});
      }
    }
  }

  const Home home_;
  Files& files_;
  Catalog& catalog_;
  BlobStore& store_;
  FsckMode mode_;
  FsckReport report_;
  std::map<Digest, Blob> blobs_;
  std::set<std::string> folders_;
};

}  // namespace

FsckReport fsck(const Client& client, FsckMode mode) { return Check(client, mode).report(); }

}  // namespace backlot::verbs
