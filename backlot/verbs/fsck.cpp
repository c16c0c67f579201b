#include "backlot/verbs/fsck.h"

#include <set>
#include <unordered_map>

#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

using client::Client;

constexpr std::size_t shown_problems = 1000;

class Check {
 public:
  Check(const Client& client, bool verify)
      : home_(client.connection()),
        files_(home_->files),
        catalog_(*home_->catalog),
        store_(*home_->store),
        verify_(verify) {}

  FsckReport report() {
    for (Diagnostic& d : catalog_.check()) problem(std::move(d));
    for (const RunRow& run : all_runs(catalog_)) {
      ++report_.runs;
      folders_.insert(run.flow + "/" + std::to_string(run.run_id));
      check_blobs_of(run);
      check_log_of(run);
    }
    look_for_orphan_blobs();
    look_for_orphan_folders();
    return std::move(report_);
  }

 private:
  void problem(Diagnostic d) {
    if (++report_.problem_count <= shown_problems) report_.problems.push_back(std::move(d));
  }

  static std::string place(const RunRow& run, const Holder& holder) {
    std::string text = address(run);
    if (holder.task) text += " task " + std::to_string(holder.task) + " attempt " + std::to_string(holder.attempt);
    return text;
  }

  void check_blobs_of(const RunRow& run) {
    each_blob(
        catalog_, run, [&](const Holder& holder, const Digest& id) { check_blob(id, place(run, holder)); },
        [&](const Holder& holder, const Error& e) {
          problem(
              {"manifest", place(run, holder), "its manifest is damaged: " + e.message(), "`resume` runs it again"});
        });
  }

  /// Checks a blob and what it refers to, each once; a bad one is reported for everything that needs it.
  void check_blob(const Digest& needed, const std::string& needed_by) {
    std::vector<Digest> todo{needed};
    while (!todo.empty()) {
      Digest id = todo.back();
      todo.pop_back();
      auto [entry, is_new] = complaint_.try_emplace(id);
      if (is_new) entry->second = complaint_of(id, todo);
      if (!entry->second.empty()) problem({"blob", needed_by, entry->second, "`resume` makes it again"});
    }
  }

  std::string complaint_of(const Digest& id, std::vector<Digest>& refers_to) {
    try {
      auto info = store_.info(id);
      if (!info) return "blob " + id.hex() + " is missing";
      refers_to.insert(refers_to.end(), info->refers_to.begin(), info->refers_to.end());
      ++report_.blobs;
      report_.bytes += info->stored_size;
      if (verify_) store_.verify(id);
      return "";
    } catch (const Error& e) { return e.what(); }
  }

  void check_log_of(const RunRow& run) {
    LogReader log(files_, home_->home.log(run.flow, run.run_id));
    std::uint64_t end = log.end();
    catalog_.each_finished(run.key, [&](const TaskRow& task, const AttemptRow& attempt) {
      const LogIndex& index = attempt.log;
      if (task.origin) {  // a clone's log is checked with its origin run; when that was removed, the log stays
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
    if (!verify_) return;
    std::uint64_t damaged = log.each({}, [](const LogRecord&) { return true; }).damaged;
    if (damaged) problem({"log", place(run, {}), std::to_string(damaged) + " bytes of its log are damaged", ""});
  }

  void look_for_orphan_blobs() {
    store_.each([&](const Digest& id) {
      if (complaint_.contains(id)) return;
      ++report_.orphan_blobs;
      try {
        if (auto info = store_.info(id)) report_.orphan_bytes += info->stored_size;
      } catch (const Error&) {
        problem({"blob", "", "blob " + id.hex() + ", which nothing needs, is damaged", "`gc` removes it"});
      }
    });
  }

  void look_for_orphan_folders() {
    const std::string runs = home_->home.runs();
    for (const std::string& flow : files_.list(runs)) {
      auto entry = files_.info(runs + "/" + flow);
      if (!entry || !entry->is_directory) continue;
      for (const std::string& id : files_.list(runs + "/" + flow)) {
        if (!folders_.contains(flow + "/" + id)) report_.orphan_folders.push_back(flow + "/" + id);
      }
    }
  }

  client::ConnectionPtr home_;
  Files& files_;
  Catalog& catalog_;
  BlobStore& store_;
  bool verify_;
  FsckReport report_;
  std::unordered_map<Digest, std::string, DigestHash> complaint_;  ///< by blob looked at; empty: it is sound
  std::set<std::string> folders_;
};

}  // namespace

FsckReport fsck(const Client& client, bool verify) { return Check(client, verify).report(); }

}  // namespace backlot::verbs
