#include "backlot/client/client.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <random>

#include "backlot/client/backward_search.h"
#include "backlot/client/lease_probe.h"
#include "backlot/client/lineage.h"
#include "backlot/client/run_scope.h"
#include "backlot/client/test_home.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/npy.h"
#include "backlot/value/pickle_layout.h"
#include "backlot/value/tensor.h"

namespace backlot::client {
namespace {

#define EXPECT_ERROR(statement, expected, part)                                 \
  try {                                                                         \
    statement;                                                                  \
    ADD_FAILURE() << "nothing was thrown";                                      \
  } catch (const Error& e) {                                                    \
    EXPECT_EQ(e.code(), expected) << e.what();                                  \
    EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what(); \
  }

/// Two items; median is set by compute, medians by collect, limit is a parameter.
std::string write_run(TestHome& home) {
  RunScript run(home, "Flow", fan_out_graph(), {home.value("limit", std::int64_t{7})});
  run.task("start", "[]", {home.value("movies", std::vector<std::string>{"a", "b"})});
  run.task("compute", "[0]", {home.value("median", 1.5)});
  run.task("compute", "[1]", {home.value("median", 2.5)});
  run.task("collect", "[]", {home.value("medians", std::map<std::string, double>{{"a", 1.5}, {"b", 2.5}})});
  run.task("end", "[]");
  run.end();
  return run.pathspec();
}

/// In a process of its own; it must return without an exception.
void in_a_forked_process(const std::function<bool()>& holds) {
  const pid_t child = fork();
  if (child == 0) {
    bool held = false;
    try {
      held = holds();
    } catch (const std::exception& e) { std::fprintf(stderr, "%s\n", e.what()); }
    _exit(held ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Client, opens_the_home_anew_where_it_is_used_after_a_fork) {
  TestHome home;
  write_run(home);
  Client client = home.client();
  const auto run = client.run(Pathspec::parse("Flow/last"));
  const Task end = run.step("end").only_task();
  const Catalog* before = &home.catalog();
  in_a_forked_process([&] {
    const bool reads = end.artifact("limit").as<std::int64_t>() == 7 && end.parents().size() == 1;
    client.close();  // only what this process has opened
    return reads && run.steps().size() == 4 && &home.catalog() != before;
  });
  EXPECT_EQ(&home.catalog(), before);
  EXPECT_EQ(run.steps().size(), 4u);
}

TEST(Client, opens_again_what_was_closed) {
  TestHome home;
  write_run(home);
  Client client = home.client();
  const auto run = client.run(Pathspec::parse("Flow/last"));
  const Task end = run.step("end").only_task();
  ASSERT_EQ(end.seen().value().size(), 2u);
  client.close();
  EXPECT_EQ(end.seen().value().size(), 2u);
  client.close();
  EXPECT_EQ(end.artifact("limit").as<std::int64_t>(), 7);
}

TEST(Client, gives_what_a_page_of_a_run_shows) {
  TestHome home;
  write_run(home);
  RunScript resumed(home, "Flow", fan_out_graph(), {}, home.client().run(Pathspec::parse("Flow/last")).key());
  resumed.task("start", "[]");
  resumed.task("compute", "[0]");
  Failure failure;
  failure.kind = FailureKind::exception;
  failure.type = "KeyError";
  resumed.task("compute", "[1]", {}, failure);
  Client client = home.client();
  EXPECT_EQ(client.flow("Flow").run_count(), 2);
  const auto run = *client.find_run("Flow", resumed.row().run_id);
  EXPECT_EQ(client.find_run(run.key())->pathspec(), run.pathspec());
  EXPECT_FALSE(client.find_run("Flow", 1));
  EXPECT_EQ(run.origin()->steps().size(), 4u);
  EXPECT_FALSE(run.origin()->origin());
  EXPECT_EQ(run.graph_digest(), run.origin()->graph_digest());
  EXPECT_EQ(run.task(3)->step(), "compute");
  EXPECT_FALSE(run.task(4));
  EXPECT_EQ(run.task("compute", *IndexPath::parse("[1]"))->number(), 3);
  EXPECT_EQ(run.tasks(1, 10).size(), 2u);
  TaskFilter failed;
  failed.state = TaskState::failed;
  EXPECT_EQ(run.tasks(failed, 10).size(), 1u);
  EXPECT_EQ(run.failures(10).all_tasks, 1);
  EXPECT_EQ(run.changes(run.task(2)->row().event, 10).size(), 1u);
  EXPECT_EQ(run.step("compute").last_ended()->number(), 3);
  EXPECT_EQ(run.step("compute").last_ended(IndexPath::parse("[0]")->key())->number(), 2);
  EXPECT_TRUE(run.waiting(10).empty());
  EXPECT_TRUE(run.requests().empty());
  int finished = 0;
  run.each_finished([&](const TaskRow&, const AttemptRow&) { ++finished; });
  EXPECT_EQ(finished, 3);
}

TEST(Client, reads_a_run_from_top_to_bottom) {
  TestHome home;
  std::string pathspec = write_run(home);
  Client client = home.client();
  ASSERT_EQ(client.flows().size(), 1u);
  auto run = client.run(Pathspec::parse("Flow/last"));
  EXPECT_EQ(run.pathspec(), pathspec);
  EXPECT_EQ(run.status(), RunStatus::done);
  std::vector<std::string> steps;
  for (const Step& step : run.steps()) steps.push_back(step.name());
  EXPECT_EQ(steps, (std::vector<std::string>{"start", "compute", "collect", "end"}));
  auto tasks = run.step("compute").tasks();
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks[1].path().text(), "[1]");
  EXPECT_EQ(tasks[1].pathspec(), pathspec + "/compute/3");
  EXPECT_EQ(tasks[1].artifact("median").as<double>(), 2.5);
  ASSERT_EQ(tasks[1].artifacts().size(), 1u);
  EXPECT_EQ(run.parameters().at(0).as<std::int64_t>(), 7);
}

TEST(Client, a_task_has_two_addresses) {
  TestHome home;
  std::string run = write_run(home);
  Client client = home.client();
  EXPECT_EQ(client.task(Pathspec::parse("Flow/last/compute/3")).number(), 3);
  EXPECT_EQ(client.task(Pathspec::parse(run + "/compute/[1]")).number(), 3);
  EXPECT_EQ(client.task(Pathspec::parse("Flow/last/end")).number(), 5);
  EXPECT_ERROR(client.task(Pathspec::parse("Flow/last/compute")), ErrorCode::usage, "has 2 tasks");
  EXPECT_ERROR(client.task(Pathspec::parse("Flow/last/compute/9")), ErrorCode::not_found, "no task 9");
  EXPECT_ERROR(client.task(Pathspec::parse("Flow/last/compute/1")), ErrorCode::not_found, "of step start");
  EXPECT_ERROR(client.task(Pathspec::parse("Flow/last/compute/[2]")), ErrorCode::not_found, "[2]");
}

TEST(Client, artifacts_are_seen_as_the_task_saw_them) {
  TestHome home;
  write_run(home);
  Client client = home.client();
  auto json = [&](const char* spec) { return client.artifact(Pathspec::parse(spec)).json(); };
  EXPECT_EQ(json("Flow/last/end/medians"), R"({"a":1.5,"b":2.5})");  // of collect, before it
  EXPECT_EQ(json("Flow/last/medians"), R"({"a":1.5,"b":2.5})");      // of the run: what the last step sees
  EXPECT_EQ(json("Flow/last/limit"), "7");
  EXPECT_EQ(json("Flow/last/compute/[0]/movies"), R"(["a","b"])");  // through the foreach
  EXPECT_EQ(json("Flow/last/end/limit"), "7");
  // A join starts empty: it does not see what was before the split.
  EXPECT_ERROR(json("Flow/last/collect/movies"), ErrorCode::not_found, "no artifact \"movies\"");
  EXPECT_ERROR(json("Flow/last/end/median"), ErrorCode::not_found, "no artifact \"median\"");
  EXPECT_EQ(client.artifact(Pathspec::parse("Flow/last/end/medians")).task(),
            client.task(Pathspec::parse("Flow/last/collect")).pathspec());
}

TEST(Client, errors_name_what_was_meant) {
  TestHome home;
  std::string run = write_run(home);
  Client client = home.client();
  EXPECT_ERROR(client.run(Pathspec::parse("Flwo/last")), ErrorCode::not_found, "did you mean Flow?");
  EXPECT_ERROR(client.step(Pathspec::parse("Flow/last/colect")), ErrorCode::not_found, "did you mean collect?");
  EXPECT_ERROR(client.artifact(Pathspec::parse("Flow/last/collect/median")), ErrorCode::not_found,
               "did you mean medians?");
  EXPECT_ERROR(client.artifact(Pathspec::parse("Flow/last/end")), ErrorCode::usage, "is a step");
  EXPECT_ERROR(client.run(Pathspec::parse("Flow")), ErrorCode::usage, "which run");
  run.back() = run.back() == '1' ? '2' : '1';
  EXPECT_ERROR(client.run(Pathspec::parse(run)), ErrorCode::not_found, "did you mean");
  EXPECT_ERROR(client.artifact(Pathspec::parse("Flow/last/start/movies")).as<double>(), ErrorCode::wrong_type, "");
}

TEST(Client, last_is_this_users_newest) {
  TestHome home;
  std::string mine = write_run(home);
  NewRun other;
  other.flow = "Flow";
  other.user = "somebody else";
  other.run_id = home.clock.time += 1'000'000;
  other.graph = encode(fan_out_graph());
  home.catalog().create_run(other, "there/1/boot");
  EXPECT_EQ(home.client().run(Pathspec::parse("Flow/last")).pathspec(), mine);
}

TEST(Client, a_run_whose_scheduler_is_gone_has_lost_contact) {
  TestHome home;
  RunScript script(home);
  Client client = home.client();
  auto status = [&] { return client.run(Pathspec::parse("Flow/last")).status(); };
  EXPECT_EQ(status(), RunStatus::running);  // it has only just begun
  home.clock.time += 60'000'000;
  EXPECT_EQ(status(), RunStatus::lost);
  std::string lease = home.home().lease("Flow", script.row().run_id);
  system_files().make_directories(home.home().run("Flow", script.row().run_id));
  auto lock = system_files().try_lock(lease);
  ASSERT_TRUE(lock);
  EXPECT_EQ(status(), RunStatus::running);
  lock.reset();
  EXPECT_EQ(status(), RunStatus::lost);
}

TEST(LeaseProbe, does_not_take_the_lock) {
  std::string path = testing::TempDir() + "probe." + std::to_string(getpid());
  EXPECT_FALSE(is_locked(path));
  EXPECT_FALSE(std::filesystem::exists(path));
  auto lock = system_files().try_lock(path);
  EXPECT_TRUE(is_locked(path));
  lock.reset();
  EXPECT_FALSE(is_locked(path));
  std::filesystem::remove(path);
}

TEST(Client, logs_of_a_task_are_its_own_and_a_clones_lie_in_its_origin_run) {
  TestHome home;
  RunScript origin(home);
  LogIndex index;
  {
    LogWriter log(system_files(), origin.log_folder());
    log.append(2, 0, LogStream::out, 1, "other");
    index.begin = log.append(1, 0, LogStream::out, 2, "hello ");
    log.append(2, 0, LogStream::err, 3, "other");
    log.append(1, 0, LogStream::err, 4, "world");
    log.flush();
    index.end = log.position();
  }
  origin.task("start", "[]", {}, {}, index);
  origin.end(RunState::failed);
  RunScript resumed(home, "Flow", fan_out_graph(), {}, origin.row().key);
  resumed.task("end", "[]");  // takes number 1: the clone's number differs from its origin's
  resumed.clone(origin.row().key, 1);
  for (auto [spec, number] : {std::pair{origin.pathspec(), 1}, std::pair{resumed.pathspec(), 2}}) {
    std::string text;
    Task task = home.client().step(Pathspec::parse(spec + "/start")).task(std::int64_t{number});
    auto outcome = task.log({}, 0, [&](const LogRecord& r) {
      text += r.bytes;
      return true;
    });
    EXPECT_EQ(text, "hello world") << spec;
    EXPECT_EQ(outcome.damaged, 0u);
  }
}

// --- what artifacts are outside -------------------------------------------------------------------------------------

std::string bytes_in(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Artifacts of one task, and a folder to write them to.
class Content : public testing::Test {
 protected:
  Content() : out(home.home().root + "/out") { std::filesystem::create_directory(out); }
  void save(std::vector<NamedReference> artifacts) {
    RunScript(home).task("start", "[]", std::move(artifacts));
    home.clock.time += 1'000'000;
  }
  Artifact artifact(const std::string& name) {
    return home.client().artifact(Pathspec::parse("Flow/last/start/" + name));
  }
  std::string written(const std::string& name) {
    artifact(name).write_to(out / name);
    return bytes_in(out / name);
  }
  std::ptrdiff_t files_out() const { return std::distance(std::filesystem::directory_iterator(out), {}); }
  TestHome home;
  std::filesystem::path out;
};

TEST_F(Content, of_files_texts_and_pickles_is_as_it_is_at_every_size) {
  // Around the limits of what lies inline, in a pack, in a blob, and in several chunks; prose is stored compressed.
  for (std::size_t size :
       {0u, 1u, 23u, 24u, 255u, 256u, 500u, 600u, 65'000u, 65'530u, 66'000u, 1'048'560u, 2'500'000u}) {
    std::string prose, noise;
    for (std::size_t i = 0; i < size; ++i) prose += static_cast<char>('a' + i / 7 % 20);
    std::mt19937 random(7);
    for (std::size_t i = 0; i < size; ++i) noise += static_cast<char>(random());
    ValueSaver saver(home.store());
    NamedReference pickle{"pickle", saver.save(TypeTag::pickle, {pickle_glue({}, size, {})[0], noise})};
    Reference* saved[] = {&pickle.value};
    saver.finish(saved);
    save({home.value("file", FileValue("prose.txt", prose)), home.value("noise", FileValue("noise", noise)),
          home.value("text", prose), home.value("bytes", Bytes::of(noise)), pickle});
    EXPECT_TRUE(written("file") == prose) << size;
    EXPECT_TRUE(written("noise") == noise) << size;
    EXPECT_TRUE(written("text") == prose) << size;
    EXPECT_TRUE(written("bytes") == noise) << size;
    EXPECT_TRUE(written("pickle") == noise) << size;
  }
  EXPECT_EQ(files_out(), 5);
}

TEST_F(Content, is_read_in_pieces_that_are_small) {
  save({home.value("file", FileValue("prose.txt", std::string(5 << 20, 'x')))});
  std::size_t pieces = 0, largest = 0, all = 0;
  artifact("file").read([&](std::string_view piece) {
    ++pieces, all += piece.size();
    largest = std::max(largest, piece.size());
  });
  EXPECT_EQ(all, 5u << 20);
  EXPECT_EQ(pieces, 6u);
  EXPECT_LE(largest, identity_chunk);
}

TEST_F(Content, of_a_damaged_blob_is_refused_and_leaves_no_file) {
  std::mt19937 random(7);
  std::string noise;
  for (int i = 0; i < 2'000'000; ++i) noise += static_cast<char>(random());
  save({home.value("file", FileValue("noise", noise))});
  std::string hex = artifact("file").identity().hex();
  std::string blob = home.home().store() + "/blobs/" + hex.substr(0, 2) + "/" + hex.substr(2);
  std::fstream(blob, std::ios::in | std::ios::out | std::ios::binary).seekp(1'900'000).put('!').put('?');
  EXPECT_ERROR(artifact("file").write_to(out / "file"), ErrorCode::corrupt, "chunk 1");
  EXPECT_EQ(files_out(), 0);
}

TEST_F(Content, of_a_tensor_is_a_numpy_file) {
  std::vector<double> large(100'000, 0.5);
  save({home.value("small", Tensor<std::int16_t>({1, 2, 3, 4, 5, -1}, {2, 3})), home.value("large", Tensor(large))});
  EXPECT_EQ(written("small"), npy_head(DType::int16, {2, 3}) + std::string("\1\0\2\0\3\0\4\0\5\0\xff\xff", 12));
  std::string file = written("large"), head = npy_head(DType::float64, {100'000});
  ASSERT_EQ(file.size(), head.size() + 800'000);
  EXPECT_TRUE(file.starts_with(head));
  EXPECT_TRUE(file.ends_with(std::string_view(reinterpret_cast<const char*>(large.data()), 800'000)));
}

TEST_F(Content, of_a_tensor_is_shown_while_it_is_small) {
  save({home.value("small", Tensor<double>({1, 2, 3, 4, 5, std::nan("")}, {2, 3})),
        home.value("none", Tensor<int>({}, {2, 0})), home.value("one", Tensor<int>({7}, {})),
        home.value("empty_but_wide", Tensor<int>({}, {1'000'000'000, 0})),
        home.value("large", Tensor(std::vector<float>(1001)))});
  EXPECT_EQ(artifact("small").shown(), "[[1.0, 2.0, 3.0],\n [4.0, 5.0, \"NaN\"]]");
  EXPECT_EQ(artifact("none").shown(), "[[],\n []]");
  EXPECT_EQ(artifact("one").shown(), "7");
  EXPECT_EQ(artifact("large").shown(),
            R"({"$type":"tensor","dtype":"float32","shape":[1001],"data":[],"elements":1001})");
  EXPECT_EQ(artifact("empty_but_wide").shown(),
            R"({"$type":"tensor","dtype":"int32","shape":[1000000000,0],"data":[]})");
}

TEST_F(Content, of_a_folder_is_a_folder) {
  namespace fs = std::filesystem;
  FolderValue folder;
  folder.add("a.txt", FileValue("a.txt", "a"));
  folder.add("bin/tool", FileValue("tool", true, "#!/bin/sh\n", nullptr));
  folder.add("bin/large", FileValue("large", std::string(100'000, 'x')));
  folder.add_folder("empty");
  save({home.value("folder", folder)});
  artifact("folder").write_to(out / "new");
  EXPECT_EQ(bytes_in(out / "new/a.txt"), "a");
  EXPECT_EQ(bytes_in(out / "new/bin/large"), std::string(100'000, 'x'));
  EXPECT_NE(fs::status(out / "new/bin/tool").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_TRUE(fs::is_directory(out / "new/empty"));
  EXPECT_ERROR(artifact("folder").write_to(out / "new"), ErrorCode::exists, "no empty folder");
  fs::create_directory(out / "there");
  artifact("folder").write_to((out / "there").native() + "/");
  EXPECT_EQ(bytes_in(out / "there/a.txt"), "a");
  artifact("folder").write_to(out / "deep/new");
  EXPECT_EQ(bytes_in(out / "deep/new/a.txt"), "a");
  EXPECT_EQ(files_out(), 3);
}

TEST_F(Content, of_a_folder_never_leads_out_of_it) {
  save({{"folder", Reference::inlined(TypeTag::folder, std::string("\x81\x83\x64../a\xf4\x40", 9))}});
  EXPECT_ERROR(artifact("folder").write_to(out / "new"), ErrorCode::corrupt, "");
  EXPECT_EQ(files_out(), 0);
}

TEST_F(Content, of_everything_else_is_its_json) {
  save({home.value("list", std::vector<int>{1, 2})});
  EXPECT_EQ(written("list"), "[\n  1,\n  2\n]\n");
}

// --- scope, in graphs with loops and choices ------------------------------------------------------------------------

/// start -> (loop body: step -> choose (fix | skip) ) -> loop -> end, where fix and skip meet in check.
Graph loop_graph() {
  Graph g;
  g.nodes = {{.name = "start"}, {.name = "train"}, {.name = "mode", .kind = NodeKind::choose},
             {.name = "fix"},   {.name = "check"}, {.name = "again", .kind = NodeKind::loop, .at_most = 5},
             {.name = "end"}};
  g.edges = edges_of({{0, 1}, {1, 2}, {2, 3, "bad"}, {2, 4, "good"}, {3, 4}, {4, 5}, {5, 1, "again"}, {5, 6, "done"}});
  return g;
}

TEST(Scope, goes_back_through_passes_and_the_case_that_was_taken) {
  TestHome home;
  RunScript run(home, "Loop", loop_graph());
  run.task("start", "[]", {home.value("data", std::int64_t{1})});
  run.task("train", "[@0]", {home.value("model", std::int64_t{10})});
  run.task("fix", "[@0]", {home.value("fixed", std::int64_t{100})});
  run.task("check", "[@0]");
  run.task("train", "[@1]", {home.value("model", std::int64_t{11})});
  run.task("check", "[@1]", {home.value("score", std::int64_t{5})});
  run.task("end", "[]");
  Client client = home.client();
  auto value = [&](const char* spec) { return client.artifact(Pathspec::parse(spec)).as<std::int64_t>(); };
  EXPECT_EQ(value("Loop/last/end/model"), 11);
  EXPECT_EQ(value("Loop/last/end/score"), 5);
  EXPECT_EQ(value("Loop/last/end/fixed"), 100);  // of the first pass, seen through the second
  EXPECT_EQ(value("Loop/last/check/[@0]/model"), 10);
  EXPECT_EQ(value("Loop/last/check/[@1]/data"), 1);
  EXPECT_EQ(value("Loop/last/train/[@1]/fixed"), 100);
  EXPECT_ERROR(value("Loop/last/train/[@0]/fixed"), ErrorCode::not_found, "fixed");
  EXPECT_ERROR(value("Loop/last/check/[@0]/score"), ErrorCode::not_found, "score");
}

TEST(Scope, a_failed_attempts_own_artifacts_can_be_read) {
  TestHome home;
  RunScript run(home);
  Failure failure;
  failure.message = "no";
  run.task("start", "[]", {home.value("partial", true)}, failure);
  EXPECT_TRUE(home.client().artifact(Pathspec::parse("Flow/last/start/partial")).as<bool>());
}

std::vector<std::string> names(const RunScope::Seen& seen) {
  std::vector<std::string> found;
  for (const auto& [name, value] : seen) found.push_back(name);
  return found;
}

TEST(Scope, all_that_a_task_sees_is_read_at_once) {
  using Names = std::vector<std::string>;
  TestHome home;
  RunScript run(home, "Flow", fan_out_graph(), {home.value("alpha", true)});
  run.task("start", "[]", {home.value("data", true), home.value("items", true)});
  run.task("compute", "[0]", {home.value("x", true)});
  run.task("compute", "[1]", {home.value("x", true), home.value("y", true)});
  run.task("collect", "[]", {home.value("sum", true)});
  run.task("end", "[]");
  Catalog& catalog = home.catalog();
  Graph graph = fan_out_graph();
  RunScope scope(catalog, run.row().key, graph);
  auto seen = [&](std::int64_t task) { return names(*scope.at_end(*catalog.task(run.row().key, task))); };
  EXPECT_EQ(seen(1), (Names{"alpha", "data", "items"}));
  EXPECT_EQ(seen(2), (Names{"alpha", "data", "items", "x"}));
  EXPECT_EQ(seen(3), (Names{"alpha", "data", "items", "x", "y"}));
  EXPECT_EQ(seen(4), (Names{"alpha", "sum"}));
  EXPECT_EQ(seen(5), (Names{"alpha", "sum"}));
}

TEST(Scope, of_an_attempt_is_what_it_left_itself) {
  TestHome home;
  RunScript run(home);
  run.task("start", "[]", {home.value("data", true)}, Failure{});
  RunKey key = run.row().key;
  Graph graph = fan_out_graph();
  RunScope scope(home.catalog(), key, graph);
  TaskRow task = *home.catalog().task(key, 1);
  EXPECT_EQ(names(*scope.at_end(task, 0)), std::vector<std::string>{"data"});
  EXPECT_FALSE(scope.at_end(task, 1).has_value());
}

TEST(Scope, knows_who_led_to_whom) {
  using Numbers = std::vector<std::int64_t>;
  TestHome home;
  RunScript run(home);
  run.task("start", "[]");
  run.task("compute", "[0]");
  run.task("compute", "[1]");
  run.task("collect", "[]");
  run.task("end", "[]");
  Catalog& catalog = home.catalog();
  RunKey key = run.row().key;
  Graph graph = fan_out_graph();
  auto numbers = [](const std::vector<TaskRow>& rows) {
    Numbers found;
    for (const TaskRow& row : rows) found.push_back(row.number);
    return found;
  };
  auto before = [&](std::int64_t n) { return numbers(parents(catalog, key, graph, *catalog.task(key, n))); };
  auto after = [&](std::int64_t n) { return numbers(children(catalog, key, graph, *catalog.task(key, n))); };
  EXPECT_EQ(before(1), Numbers{});
  EXPECT_EQ(before(3), Numbers{1});
  EXPECT_EQ(before(4), (Numbers{2, 3}));
  EXPECT_EQ(before(5), Numbers{4});
  EXPECT_EQ(after(1), (Numbers{2, 3}));
  EXPECT_EQ(after(2), Numbers{4});
  EXPECT_EQ(after(4), Numbers{5});
  EXPECT_EQ(after(5), Numbers{});
  auto noted = [&] {
    Numbers found;
    for (const TaskRow& row : catalog.tasks(key, "", 0, 10)) found.push_back(row.parents.value_or(-1));
    return found;
  };
  EXPECT_EQ(noted(), Numbers(5, -1)) << "while the run goes on nothing is stored";
  EXPECT_THROW(store_parents(catalog, key), Error);
  run.end();
  EXPECT_EQ(before(2), Numbers{1});
  EXPECT_EQ(noted(), (Numbers{0, 1, 1, 2, 4})) << "stored for the whole run by the first question";
  EXPECT_EQ(before(4), (Numbers{2, 3}));
  EXPECT_EQ(store_parents(catalog, key), 0u);
}

TEST(Lineage, of_a_split_whose_branches_have_no_path) {
  Graph graph;
  graph.nodes = {{.name = "start"},
                 {.name = "", .kind = NodeKind::split, .match = NodeId(4)},
                 {.name = "a", .inside = NodeId(1)},
                 {.name = "b", .inside = NodeId(1)},
                 {.name = "join", .kind = NodeKind::join, .match = NodeId(1)}};
  graph.edges = edges_of({{0, 1}, {1, 2}, {1, 3}, {2, 4}, {3, 4}});
  TestHome home;
  RunScript run(home, "Split", graph);
  for (const char* step : {"start", "a", "b", "join"}) run.task(step, "[]");
  Catalog& catalog = home.catalog();
  const RunKey key = run.row().key;
  EXPECT_EQ(children(catalog, key, graph, *catalog.task(key, 1)).size(), 2u);
  EXPECT_EQ(parents(catalog, key, graph, *catalog.task(key, 4)).size(), 2u);
  EXPECT_EQ(count_parents(catalog, key, graph, *catalog.task(key, 4)), 2u);
}

TEST(Lineage, reads_no_more_than_it_is_asked_for) {
  TestHome home;
  RunScript run(home);
  run.task("start", "[]");
  for (int i = 0; i < 50; ++i) run.task("compute", "[" + std::to_string(i) + "]");
  run.task("collect", "[]");
  Catalog& catalog = home.catalog();
  const RunKey key = run.row().key;
  const Graph graph = fan_out_graph();
  EXPECT_EQ(children(catalog, key, graph, *catalog.task(key, 1), 7).size(), 7u);
  EXPECT_EQ(parents(catalog, key, graph, *catalog.task(key, 52), 7).size(), 7u);
  EXPECT_EQ(parents(catalog, key, graph, *catalog.task(key, 52)).size(), 50u);
  EXPECT_EQ(count_parents(catalog, key, graph, *catalog.task(key, 52)), 50u);
  EXPECT_EQ(parents(catalog, key, graph, *catalog.task(key, 3), 0).size(), 0u);
}

}  // namespace
}  // namespace backlot::client
