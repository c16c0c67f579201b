// The catalog in a SQLite file. Internal to this room; open_sqlite_catalog makes one.
#pragma once
#include "backlot/catalog/catalog.h"
#include "backlot/catalog/sqlite/names.h"
#include "backlot/catalog/sqlite/schema.h"
#include "backlot/sql/database.h"

namespace backlot {

/// Writing is in commit.cpp and run_writes.cpp, reading in run_reads.cpp and task_reads.cpp, check() in check.cpp.
class SqliteCatalog : public Catalog {
 public:
  SqliteCatalog(const std::string& path, const std::string& vfs)
      : database_(path, vfs, catalog_schema()), names_(database_) {}
  std::string id() override;

  std::pair<RunRow, Lease> create_run(const NewRun& run, const std::string& owner) override;
  Lease take_lease(RunKey run, const std::string& owner, Micros now) override;
  void commit(const Commit& commit) override;
  void settle(Micros now) override;
  void check_place() override { database_.check_place(); }
  void rescue(const std::string& path) override { database_.copy_to(path); }

  std::int64_t request(const ControlRequest& request) override;
  std::vector<ControlRequest> requests(RunKey run) override;
  void set_tags(RunKey run, const std::vector<std::string>& add, const std::vector<std::string>& remove) override;
  void remove_runs(const std::vector<RunKey>& runs) override;
  void set_parents(RunKey run, const std::vector<std::pair<std::int64_t, std::int64_t>>& parents) override;
  std::optional<std::string> note(std::string_view key) override;
  void set_note(std::string_view key, std::string_view value) override;
  void set_pins(std::string_view domain, std::string_view name, const std::vector<Digest>& blobs, Micros now) override;

  std::vector<Pin> pins() override;
  std::vector<std::string> flows() override;
  std::int64_t run_count(std::string_view flow) override;
  std::vector<RunRow> runs(const RunFilter& filter) override;
  std::optional<RunRow> run(std::string_view flow, std::int64_t run_id) override;
  std::optional<RunRow> run(RunKey key) override;
  bool was_removed(RunKey key) override;
  std::string graph(RunKey run) override;
  std::vector<NamedReference> parameters(RunKey run) override;
  std::vector<StepRow> steps(RunKey run) override;
  std::vector<TaskRow> tasks(RunKey run, std::string_view step, std::int64_t after, std::size_t limit) override;
  std::vector<TaskRow> tasks(RunKey run, const TaskFilter& filter, std::size_t limit) override;
  FailureGroups failures(RunKey run, std::size_t limit) override;
  std::vector<WaitingGroup> waiting(RunKey run, std::size_t limit) override;
  std::optional<TaskRow> last_ended(RunKey run, std::string_view step, std::string_view prefix) override;
  std::vector<TaskRow> tasks_below(RunKey run, std::string_view step, std::string_view prefix,
                                   const std::optional<std::string>& after, std::size_t limit) override;
  std::optional<TaskRow> task(RunKey run, std::int64_t number) override;
  std::optional<TaskRow> task(RunKey run, std::string_view step, std::string_view path_key) override;
  std::vector<AttemptRow> attempts(RunKey run, std::int64_t task) override;
  std::vector<Metadatum> metadata(RunKey run, std::int64_t task) override;
  std::vector<CachedTask> cached(const Digest& key, RunKey but, std::size_t limit) override;
  std::vector<TaskRow> changes(RunKey run, std::int64_t since, std::size_t limit) override;
  void each_finished(RunKey run, const std::function<void(const TaskRow&, const AttemptRow&)>& visit,
                     const std::vector<std::string>& but) override;
  std::vector<Diagnostic> check() override;

 private:
  /// Runs `write` as one transaction and returns what it returns.
  template <class Write>
  auto transact(Write write);
  std::int64_t intern_graph(const std::string& bytes);
  std::int64_t free_run_id(std::int64_t flow, std::int64_t wanted);
  void refuse_second_resume(const NewRun& run);
  void insert_run(const NewRun& run, std::int64_t run_id, const std::string& owner);
  RunState require_run(RunKey run);
  RunRow read_run(Cursor& row);
  void read_tags(RunRow& run);
  TaskRow read_task(Cursor& row);
  std::optional<TaskRow> one_task(Cursor& row);

  Database database_;
  Names names_;
};

template <class Write>
auto SqliteCatalog::transact(Write write) {
  try {
    WriteTransaction transaction(database_);
    if constexpr (std::is_void_v<decltype(write())>) {
      write();
      transaction.commit();
    } else {
      auto result = write();
      transaction.commit();
      return result;
    }
  } catch (...) {
    names_.forget();
    throw;
  }
}

/// Adds and removes tags of a run, inside a transaction.
void change_tags(Database& database, Names& names, RunKey run, const std::vector<std::string>& add,
                 const std::vector<std::string>& remove);

}  // namespace backlot
