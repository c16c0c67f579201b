// Catalogs of released versions stay readable, and what we write today is what docs/formats/catalog.md says.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

#include "backlot/base/test_memory_files.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/sqlite/schema.h"
#include "backlot/catalog/sqlite/test_power_cut.h"
#include "backlot/catalog/test_rows.h"
#include "backlot/sql/files_vfs.h"
#include "backlot/sql/test_raw_sqlite.h"

namespace backlot {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A little of everything. Never changed: it is what the golden files hold, but for the keys of the step cache in that
/// of version 1, with manifests of version 1 up to version 2, without parents up to version 3, without pins up to
/// version 5.
void fill(Catalog& catalog) {
  NewRun first = test_run("Movies", 1'763'829'152'123'456);
  first.ns = "production";
  first.project = "cinema";
  first.branch = "main";
  first.tags = {"nightly"};
  first.system_tags = {"sdk:c++"};
  first.code = std::string(64, 'c');
  first.parameters = {{"alpha", Reference::inlined(TypeTag::text, "x")}};
  auto [run, lease] = catalog.create_run(first, "engine/12/boot");
  Commit commit = test_commit(lease);
  commit.tasks = {test_task(1, TaskState::done, "start"), test_task(2), test_task(3, TaskState::failed)};
  commit.tasks[1].label = "drama";
  commit.tasks[1].progress = 0.5;
  for (TaskRow& task : commit.tasks) task.parents = task.number == 1 ? 0 : 1;
  commit.attempts = {test_attempt(1), test_attempt(2), test_attempt(3, 0, TaskState::failed)};
  for (AttemptRow& attempt : commit.attempts) attempt.manifest = "manifest of " + std::to_string(attempt.task);
  commit.attempts[2].failure_signature = "signal|start|aa";
  commit.metadata = {{2, 0, "pod", "p-1"}, {0, 0, "cluster", "c"}};
  commit.cache = {{2, sha256("key")}};
  commit.run_state = RunState::failed;
  commit.run_failure = "compute[3]: killed";
  catalog.commit(commit);

  NewRun second = test_run("Movies", 1'763'829'152'123'456);
  second.origin = run.key;
  auto [resumed, resumed_lease] = catalog.create_run(second, "engine/13/boot");
  Commit clones = test_commit(resumed_lease);
  clones.clone_from = run.key;
  clones.clones = {{1, 1, 0}, {2, 2, 1}};
  clones.tasks = {test_task(3, TaskState::ready)};
  clones.tasks[0].parents = 1;
  clones.tasks[0].waiting = "cpu";
  catalog.commit(clones);
  catalog.request({0, resumed.key, "cancel", "", "bob", 1'763'829'154'000'000});
  Lease gone = catalog.create_run(test_run("Other", 5), "engine/14/boot").second;
  end_run(catalog, gone);
  catalog.remove_runs({gone.run});
  catalog.set_note("store id", "a store");
  catalog.set_pins("rank", "model/7", {sha256("a model")}, 1'763'829'155'000'000);
}

/// Schema and rows as SQL; the catalog's id, which is random, as zeros.
std::string dump(const std::string& path) {
  std::string text;
  for (const char* pragma : {"application_id", "user_version"}) {
    std::string value = raw_sql(path, std::string("PRAGMA ") + pragma);
    text += std::string("PRAGMA ") + pragma + "=" + value.substr(0, value.size() - 1) + ";\n";
  }
  text += raw_sql(path, "SELECT sql || ';' FROM sqlite_schema WHERE sql<>'' AND name<>'sqlite_sequence' ORDER BY name");
  for (auto tables = raw_sql(path, "SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name"); !tables.empty();
       tables.erase(0, tables.find('\n') + 1)) {
    std::string table = tables.substr(0, tables.find('\n'));
    std::string row = raw_sql(
        path, "SELECT group_concat('quote(' || name || ')', '||'',''||') FROM pragma_table_info('" + table + "')");
    text += raw_sql(path, "SELECT 'INSERT INTO " + table + " VALUES(' || " + row + " || ');' FROM " + table);
  }
  std::string id = raw_sql(path, "SELECT value FROM note WHERE key='catalog id'").substr(0, 32);
  return text.replace(text.find(id), 32, 32, '0');
}

std::string golden_file(int version) { return BACKLOT_GOLDEN "/catalog/v" + std::to_string(version) + ".sql"; }
std::string golden(int version) { return contents(golden_file(version)); }

/// Makes the database of a golden file.
void restore_golden(int version, const TestFolder& folder) {
  std::string script = golden(version);
  script.insert(script.find("INSERT INTO sqlite_sequence"), "DELETE FROM sqlite_sequence;\n");  // what SQLite counted
  raw_sql(folder.file(), "BEGIN;" + script + "COMMIT");
}

class EveryVersion : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Golden, EveryVersion, testing::Range(1, catalog_schema().version() + 1));

TEST_P(EveryVersion, opens) {
  TestFolder folder;
  restore_golden(GetParam(), folder);
  auto catalog = open_sqlite_catalog(folder.file());
  EXPECT_EQ(catalog->id(), std::string(32, '0'));
  EXPECT_EQ(catalog->note("store id"), "a store");
  auto runs = catalog->runs({});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[1].failure, "compute[3]: killed");
  EXPECT_EQ(runs[1].tags, std::vector<std::string>{"nightly"});
  EXPECT_EQ(runs[1].project, "cinema");
  EXPECT_EQ(runs[0].origin, runs[1].key);
  EXPECT_EQ(runs[0].run_id, runs[1].run_id + 1);
  EXPECT_EQ(runs[0].lease_owner, "engine/13/boot");
  EXPECT_EQ(runs[0].events, 3);
  EXPECT_EQ(catalog->graph(runs[0].key), "the graph");
  EXPECT_EQ(catalog->parameters(runs[1].key).at(0).name, "alpha");
  auto steps = catalog->steps(runs[1].key);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[1].failed, 1);
  TaskRow clone = catalog->task(runs[0].key, "compute", test_path(2)).value();
  EXPECT_EQ(clone.label, "drama");
  EXPECT_EQ(clone.progress, 0.5);
  EXPECT_EQ(clone.origin_task, 2);
  EXPECT_EQ(catalog->attempts(runs[0].key, 2).at(0).manifest, "manifest of 2");
  EXPECT_EQ(catalog->metadata(runs[0].key, 2).at(0).value, "p-1");
  EXPECT_EQ(catalog->requests(runs[0].key).at(0).user, "bob");
  EXPECT_EQ(catalog->create_run(test_run("Other", 5), "a").first.run_id, 6) << "run 5 was removed, its id stays taken";
  for (const Diagnostic& d : catalog->check()) EXPECT_EQ(d.rule, "catalog.manifest") << d.place << " " << d.message;
}

TEST(Golden, version_1_becomes_what_is_written_today_but_for_keys_of_the_step_cache_and_pins) {
  TestFolder folder;
  restore_golden(1, folder);
  open_sqlite_catalog(folder.file()).reset();
  std::string today = golden(catalog_schema().version());
  for (auto [now, then] : {std::pair("X'A2000202", "X'A2000102"), std::pair("X'A10002'", "X'A10001'")}) {
    for (std::size_t at; (at = today.find(now)) != today.npos;) today.replace(at, std::string(now).size(), then);
  }
  for (const char* newer : {"INSERT INTO cache ", "INSERT INTO pin "})
    for (std::size_t row; (row = today.find(newer)) != today.npos;) today.erase(row, today.find('\n', row) + 1 - row);
  for (std::size_t row = 0; (row = today.find("INSERT INTO task ", row)) != today.npos; ++row) {
    const std::size_t end = today.find(");", row), parents = today.rfind(',', end) + 1;
    today.replace(parents, end - parents, "NULL");
  }
  EXPECT_EQ(dump(folder.file()), today);
  Commit commit = test_commit({RunKey{2}, 1});
  commit.cache = {{2, sha256("key")}};
  auto catalog = open_sqlite_catalog(folder.file());
  catalog->commit(commit);
  EXPECT_EQ(catalog->cached(sha256("key"), no_run, 9).size(), 1u);
}

TEST(Golden, what_is_written_today_is_the_newest_version) {
  TestFolder folder;
  { fill(*open_sqlite_catalog(folder.file())); }
  std::string today = dump(folder.file()), file = golden_file(catalog_schema().version());
  if (!std::filesystem::exists(file) && std::getenv("BACKLOT_WRITE_GOLDEN")) std::ofstream(file) << today;
  EXPECT_EQ(today, golden(catalog_schema().version()));
}

std::string sql_through(const FilesVfs& vfs, const std::string& sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open_v2("/home/catalog", &db, SQLITE_OPEN_READWRITE, vfs.name().c_str()), SQLITE_OK);
  std::string text;
  auto keep = [](void* result, int, char** columns, char**) {
    *static_cast<std::string*>(result) = columns[0];
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), keep, &text, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
  return text;
}

TEST(Golden, a_crash_while_it_is_migrated_leaves_one_version_or_the_next) {
  TestFolder folder;
  restore_golden(1, folder);
  const std::string before = contents(folder.file());
  std::map<std::string, int> left;  // how often which version
  for (std::uint64_t operations = 0; operations < 120; ++operations) {
    MemoryFiles files;
    FilesVfs vfs("migrating", files);
    files.make_directories("/home");
    auto file = files.open("/home/catalog", OpenMode::create_new);
    file->write(0, before);
    file->sync();
    file.reset();
    files.sync_directory("/home");
    files.sync_directory("/");
    open_until_dark(files, vfs, operations);
    std::string version = sql_through(vfs, "PRAGMA user_version");
    ++left[version];
    EXPECT_EQ(sql_through(vfs, "SELECT count(*) FROM sqlite_schema WHERE name='cache'"), version == "1" ? "0" : "1")
        << operations;
    auto catalog = open_sqlite_catalog("/home/catalog", vfs.name());
    ASSERT_EQ(catalog->runs({}).size(), 2u) << operations;
    ASSERT_EQ(catalog->note("store id"), "a store") << operations;
    for (const Diagnostic& d : catalog->check()) ASSERT_EQ(d.rule, "catalog.manifest") << d.place << " " << d.message;
    ASSERT_TRUE(catalog->cached(sha256("key"), no_run, 9).empty()) << operations;
    EXPECT_EQ(sql_through(vfs, "PRAGMA user_version"), "6") << operations;
  }
  EXPECT_EQ(left.size(), 2u) << "version 1, with room in its pages or without, or the newest; nothing between";
  for (const char* version : {"1", "6"}) EXPECT_GT(left[version], 0) << version;
}

TEST(Golden, the_document_holds_the_schema) {
  std::string document = contents(BACKLOT_GOLDEN "/../../docs/formats/catalog.md");
  for (std::string_view step : catalog_schema().steps) EXPECT_NE(document.find(step), std::string::npos) << step;
}

}  // namespace
}  // namespace backlot
