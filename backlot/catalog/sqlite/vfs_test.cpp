#include "backlot/sql/vfs.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <map>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/test_rows.h"

namespace backlot {
namespace {

/// SQLite's own VFS with syncs that fail when told to.
class FailingVfs {
 public:
  FailingVfs() {
    sqlite3_vfs* real = sqlite3_vfs_find("unix");
    vfs_ = *real;
    vfs_.zName = "failing";
    open_ = real->xOpen;
    vfs_.xOpen = [](sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
      int code = open_(vfs, path, file, flags, out);
      if (!file->pMethods) return code;
      sqlite3_io_methods& methods = methods_.try_emplace(file->pMethods, *file->pMethods).first->second;
      sync_ = file->pMethods->xSync;
      methods.xSync = [](sqlite3_file* f, int how) {
        if (syncs_to_fail == 0) return sync_(f, how);
        --syncs_to_fail;
        return SQLITE_IOERR_FSYNC;
      };
      file->pMethods = &methods;
      return code;
    };
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~FailingVfs() { sqlite3_vfs_unregister(&vfs_); }
  static inline int syncs_to_fail = 0;

 private:
  static inline decltype(sqlite3_vfs::xOpen) open_ = nullptr;
  static inline decltype(sqlite3_io_methods::xSync) sync_ = nullptr;
  static inline std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods_;  ///< ours for each of the real ones
  sqlite3_vfs vfs_ = {};
};

TEST(LatchingVfs, a_failed_sync_is_never_retried) {
  FailingVfs failing;
  LatchingVfs latching("latching over failing", "failing");
  TestFolder folder;
  auto catalog = open_sqlite_catalog(folder.file(), latching.name());
  auto [run, lease] = catalog->create_run(test_run(), "a");
  catalog->commit(test_commit_of(lease, 1, 3));
  Lease held = lease;
  FailingVfs::syncs_to_fail = 1;
  EXPECT_EQ(code_from([&] { catalog->commit(test_commit_of(held, 4, 3)); }), ErrorCode::io);
  EXPECT_EQ(FailingVfs::syncs_to_fail, 0);
  std::uint64_t syncs = latching.counts().syncs;
  EXPECT_EQ(code_from([&] { catalog->commit(test_commit_of(held, 4, 3)); }), ErrorCode::io) << "syncs work again";
  EXPECT_EQ(latching.counts().syncs, syncs) << "the second commit must not reach the disk";
  EXPECT_TRUE(catalog->task(run.key, 3)) << "reading goes on";

  catalog = open_sqlite_catalog(folder.file());
  EXPECT_TRUE(catalog->task(run.key, 3));
  EXPECT_TRUE(catalog->check().empty());
  catalog->commit(test_commit_of(held, 10, 1));
}

TEST(LatchingVfs, counts_syncs_and_bytes) {
  TestFolder folder;
  auto catalog = open_sqlite_catalog(folder.file());
  Lease lease = catalog->create_run(test_run(), "a").second;
  VfsCounts before = backlot_vfs().counts();
  catalog->commit(test_commit_of(lease, 1, 100));
  VfsCounts after = backlot_vfs().counts();
  EXPECT_EQ(after.syncs - before.syncs, 1u) << "a commit is one sync of the log";
  EXPECT_GT(after.bytes_written - before.bytes_written, 100u * 50);
}

mode_t mode_of(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0 ? st.st_mode & 07777 : 0;
}

TEST(LatchingVfs, files_get_the_mode_of_their_folder) {
  const mode_t mask = ::umask(022);
  for (mode_t mode : {0700, 0755, 02775}) {
    TestFolder folder;
    std::string shared = folder.file("shared"), path = shared + "/catalog.sqlite";
    ::mkdir(shared.c_str(), 0700);
    ::chmod(shared.c_str(), mode);
    auto catalog = open_sqlite_catalog(path);
    catalog->set_note("a", "b");
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
      EXPECT_EQ(mode_of(path + suffix), mode & 0666) << suffix << " in " << std::oct << mode;
    }
  }
  ::umask(mask);
}

TEST(LatchingVfs, needs_a_parent) {
  EXPECT_EQ(code_from([] { LatchingVfs("orphan", "nobody"); }), ErrorCode::internal);
}

}  // namespace
}  // namespace backlot
