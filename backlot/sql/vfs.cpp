#include "backlot/sql/vfs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <new>
#include <type_traits>

#include "backlot/base/error.h"
#include "backlot/sql/page_guard.h"
#include "backlot/sql/vfs_tables.h"

namespace backlot {

/// SQLite is handed `vfs`, whose pAppData leads back here.
struct LatchingVfs::Registration {
  std::string name;
  sqlite3_vfs* parent = nullptr;
  sqlite3_vfs vfs = {};
  std::atomic<std::uint64_t> syncs = 0, bytes_written = 0;
};

namespace {

using Registration = LatchingVfs::Registration;

/// What SQLite holds for an open file; the parent's own struct lies right behind.
struct ShimFile {
  sqlite3_file base;
  Registration* registration;
  PageGuard guard;
  bool sync_failed;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(sizeof(ShimFile) % alignof(void*) == 0);
static_assert(std::is_trivially_destructible_v<ShimFile>, "SQLite frees it without a destructor");

ShimFile* shim(sqlite3_file* file) { return reinterpret_cast<ShimFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return shim(file)->real(); }

struct ShimFileCalls {
  static int close_file(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
  static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    return shim(f)->guard.read(to, size, at, [&](void* part, int length, sqlite3_int64 place) {
      return real(f)->pMethods->xRead(real(f), part, length, place);
    });
  }
  static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    if (shim(f)->sync_failed) return SQLITE_IOERR_WRITE;
    shim(f)->registration->bytes_written += static_cast<std::uint64_t>(size);
    return shim(f)->guard.write(from, size, at, [&](const void* part, int length, sqlite3_int64 place) {
      return real(f)->pMethods->xWrite(real(f), part, length, place);
    });
  }
  static int truncate(sqlite3_file* f, sqlite3_int64 size) {
    if (shim(f)->sync_failed) return SQLITE_IOERR_TRUNCATE;
    return real(f)->pMethods->xTruncate(real(f), size);
  }
  static int sync(sqlite3_file* f, int flags) {
    if (shim(f)->sync_failed) return SQLITE_IOERR_FSYNC;
    ++shim(f)->registration->syncs;
    int code = real(f)->pMethods->xSync(real(f), flags);
    shim(f)->sync_failed = code != SQLITE_OK;
    return code;
  }
  static int file_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
  static int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
  static int unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
  static int check_reserved(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
  static int control(sqlite3_file* f, int what, void* arg) {
    return real(f)->pMethods->xFileControl(real(f), what, arg);
  }
  static int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
  static int characteristics(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
  static int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
    return real(f)->pMethods->xShmMap(real(f), region, size, extend, out);
  }
  static int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
  }
  static void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
  static int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }
};

/// Makes the file empty with the mode of its folder, unless it exists or cannot be made (SQLite will then say why).
void create_with_mode_of_folder(const std::string& path) {
  std::string folder = path.substr(0, path.rfind('/') + 1);
  struct stat st;
  if (::stat(folder.empty() ? "." : folder.c_str(), &st) != 0) return;
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return;
  ::fchmod(fd, st.st_mode & 0666);
  ::close(fd);
}

sqlite3_vfs* parent_of(sqlite3_vfs* vfs) { return static_cast<Registration*>(vfs->pAppData)->parent; }

struct ShimVfsCalls {
  static int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto* registration = static_cast<Registration*>(vfs->pAppData);
    auto* opened = new (file) ShimFile{{}, registration, PageGuard(path, flags), false};
    if ((flags & SQLITE_OPEN_MAIN_DB) && (flags & SQLITE_OPEN_CREATE)) {
      create_with_mode_of_folder(path);
      create_with_mode_of_folder(std::string(path) + ".lock");
    }
    sqlite3_vfs* parent = registration->parent;
    int code = parent->xOpen(parent, path, opened->real(), flags, out_flags);
    if (opened->real()->pMethods) opened->base.pMethods = &io_methods<ShimFileCalls>;
    return code;
  }

  // The rest goes to the parent as it is.
  static int remove(sqlite3_vfs* v, const char* path, int sync_dir) {
    return parent_of(v)->xDelete(parent_of(v), path, sync_dir);
  }
  static int access(sqlite3_vfs* v, const char* path, int flags, int* out) {
    return parent_of(v)->xAccess(parent_of(v), path, flags, out);
  }
  static int full_path(sqlite3_vfs* v, const char* path, int size, char* out) {
    return parent_of(v)->xFullPathname(parent_of(v), path, size, out);
  }
  static int randomness(sqlite3_vfs* v, int size, char* out) {
    return parent_of(v)->xRandomness(parent_of(v), size, out);
  }
  static int sleep(sqlite3_vfs* v, int us) { return parent_of(v)->xSleep(parent_of(v), us); }
  static int current_time(sqlite3_vfs* v, sqlite3_int64* ms) {
    return parent_of(v)->xCurrentTimeInt64(parent_of(v), ms);
  }
  static int last_error(sqlite3_vfs* v, int size, char* text) {
    return parent_of(v)->xGetLastError(parent_of(v), size, text);
  }
};

}  // namespace

LatchingVfs::LatchingVfs(const std::string& name, const std::string& parent_name)
    : registration_(std::make_unique<Registration>()) {
  sqlite3_vfs* parent = sqlite3_vfs_find(parent_name.c_str());
  if (!parent) throw Error(ErrorCode::internal, "there is no SQLite VFS named " + parent_name);
  registration_->name = name;
  registration_->parent = parent;
  register_vfs<ShimVfsCalls>(registration_->vfs, registration_->name,
                             static_cast<int>(sizeof(ShimFile)) + parent->szOsFile, parent->mxPathname,
                             registration_.get());
}

LatchingVfs::~LatchingVfs() { sqlite3_vfs_unregister(&registration_->vfs); }

const std::string& LatchingVfs::name() const { return registration_->name; }
VfsCounts LatchingVfs::counts() const { return {registration_->syncs, registration_->bytes_written}; }

LatchingVfs& backlot_vfs() {
  // Never destroyed: connections may live until the process ends.
  static LatchingVfs* vfs = new LatchingVfs("backlot", "unix");
  return *vfs;
}

}  // namespace backlot
