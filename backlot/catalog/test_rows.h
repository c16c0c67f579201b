// Folders and rows for the tests of this room.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "backlot/base/test_errors.h"
#include "backlot/catalog/catalog.h"

namespace backlot {

/// A folder of its own, gone with the object.
class TestFolder {
 public:
  TestFolder() {
    char name[] = "/tmp/catalog_test_XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::string file(const std::string& name = "catalog.sqlite") const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string test_manifest(std::int64_t value = 7) {
  Manifest manifest;
  manifest.artifacts = {{"result", Reference::inlined(TypeTag::integer, std::to_string(value))}};
  manifest.own = 1;
  return encode(manifest);
}

inline NewRun test_run(const std::string& flow = "Movies", std::int64_t run_id = 1'763'829'152'123'456) {
  NewRun run;
  run.flow = flow;
  run.run_id = run.now = run_id;
  run.user = "ada";
  run.host = "engine";
  run.graph = "the graph";
  return run;
}

/// The structural path of a foreach item, as IndexPath::key() writes it.
inline std::string test_path(std::uint64_t item) {
  std::string bytes;
  for (; item; item >>= 8) bytes.insert(bytes.begin(), static_cast<char>(item & 0xff));
  return static_cast<char>(0x10 | bytes.size()) + bytes;
}

inline TaskRow test_task(std::int64_t number, TaskState state = TaskState::done, const std::string& step = "compute") {
  TaskRow task;
  task.number = number;
  task.step = step;
  task.path = test_path(static_cast<std::uint64_t>(number));
  task.state = state;
  task.ready = 1'763'829'152'000'000 + number;
  if (state == TaskState::ready) return task;
  task.started = task.ready + 10;
  task.attempts = 1;
  if (state != TaskState::running) task.ended = task.started + 20;
  return task;
}

inline AttemptRow test_attempt(std::int64_t task, std::int32_t number = 0, TaskState state = TaskState::done) {
  AttemptRow attempt;
  attempt.task = task;
  attempt.attempt = number;
  attempt.state = state;
  attempt.started = 1'763'829'152'000'010 + task;
  attempt.ended = attempt.started + 20;
  attempt.usage = {1'200, 800, 9'000'000, Usage::Source::rusage};
  attempt.log = {100, 260, 80, 0, 0, -1};
  attempt.manifest = test_manifest(task);
  return attempt;
}

inline Commit test_commit(const Lease& lease, Micros now = 1'763'829'153'000'000) {
  Commit commit;
  commit.lease = lease;
  commit.now = now;
  return commit;
}

/// Finished tasks first … first + count - 1.
inline Commit test_commit_of(const Lease& lease, std::int64_t first, std::int64_t count) {
  Commit commit = test_commit(lease);
  for (std::int64_t number = first; number < first + count; ++number) {
    commit.tasks.push_back(test_task(number));
    commit.attempts.push_back(test_attempt(number));
  }
  return commit;
}

inline void end_run(Catalog& catalog, const Lease& lease, RunState state = RunState::done) {
  Commit commit = test_commit(lease);
  commit.run_state = state;
  catalog.commit(commit);
}

}  // namespace backlot
