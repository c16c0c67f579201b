#include "backlot/sql/files_vfs.h"

#include <chrono>
#include <cstring>
#include <map>
#include <thread>

#include "backlot/base/clock.h"
#include "backlot/base/durable_folder.h"
#include "backlot/base/error.h"
#include "backlot/sql/page_guard.h"
#include "backlot/sql/shared_locks.h"
#include "backlot/sql/vfs_tables.h"

namespace backlot {

/// SQLite is handed `vfs`, whose pAppData leads back here.
struct FilesVfs::Registration {
  std::string name;
  Files& files;
  sqlite3_vfs vfs = {};
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<SharedLocks>> locks;  ///< by path, while a connection is open

  Registration(const std::string& n, Files& f) : name(n), files(f) {}
  std::shared_ptr<SharedLocks> locks_of(const std::string& path) {
    std::lock_guard guard(mutex);
    std::shared_ptr<SharedLocks> found = locks[path].lock();
    if (!found) locks[path] = found = std::make_shared<SharedLocks>();
    return found;
  }
};

namespace {

using Registration = FilesVfs::Registration;

struct OpenDatabaseFile {
  OpenDatabaseFile(Files& f, const char* path, int flags) : files(f), guard(path, flags) {}
  Files& files;
  PageGuard guard;
  std::unique_ptr<File> file;
  std::shared_ptr<SharedLocks> locks;
  SharedLocks::Holder holder;
  std::string remove_on_close;  ///< empty: stays
  bool name_is_durable = true;
};

/// What SQLite holds for an open file.
struct Handle {
  sqlite3_file base;
  OpenDatabaseFile* opened;
};

OpenDatabaseFile& opened(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file)->opened; }

/// No exception may reach SQLite. `failure` stands for errors without a code of their own.
template <class Action>
int guarded(int failure, Action action) noexcept {
  try {
    return action();
  } catch (const Error& e) {
    if (e.code() == ErrorCode::no_space) return SQLITE_FULL;
    if (e.code() == ErrorCode::permission) return SQLITE_PERM;
    return failure;
  } catch (const std::bad_alloc&) { return SQLITE_NOMEM; }
}

struct FileCalls {
  static int close_file(sqlite3_file* f) {
    OpenDatabaseFile& file = opened(f);
    if (file.locks) {
      file.locks->unmap(file.holder);
      file.locks->unlock(file.holder, SQLITE_LOCK_NONE);
    }
    int code = guarded(SQLITE_IOERR_CLOSE, [&] {
      if (!file.remove_on_close.empty()) file.files.remove(file.remove_on_close);
      return SQLITE_OK;
    });
    delete &file;
    f->pMethods = nullptr;
    return code;
  }

  static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    return guarded(SQLITE_IOERR_READ, [&] {
      return opened(f).guard.read(to, size, at, [&](void* part, int length, sqlite3_int64 place) {
        auto wanted = static_cast<std::size_t>(length);
        std::string bytes = opened(f).file->read(static_cast<std::uint64_t>(place), wanted);
        std::memcpy(part, bytes.data(), bytes.size());
        if (bytes.size() == wanted) return SQLITE_OK;
        std::memset(static_cast<char*>(part) + bytes.size(), 0, wanted - bytes.size());
        return SQLITE_IOERR_SHORT_READ;
      });
    });
  }

  static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    return guarded(SQLITE_IOERR_WRITE, [&] {
      return opened(f).guard.write(from, size, at, [&](const void* part, int length, sqlite3_int64 place) {
        opened(f).file->write(static_cast<std::uint64_t>(place), {static_cast<const char*>(part), std::size_t(length)});
        return SQLITE_OK;
      });
    });
  }

  static int truncate(sqlite3_file* f, sqlite3_int64 size) {
    return guarded(SQLITE_IOERR_TRUNCATE, [&] {
      opened(f).file->truncate(static_cast<std::uint64_t>(size));
      return SQLITE_OK;
    });
  }

  static int sync(sqlite3_file* f, int) {
    return guarded(SQLITE_IOERR_FSYNC, [&] {
      OpenDatabaseFile& file = opened(f);
      file.file->sync();
      if (!file.name_is_durable) file.files.sync_directory(folder_of(file.file->path()));
      file.name_is_durable = true;
      return SQLITE_OK;
    });
  }

  static int file_size(sqlite3_file* f, sqlite3_int64* size) {
    return guarded(SQLITE_IOERR_FSTAT, [&] {
      *size = static_cast<sqlite3_int64>(opened(f).file->size());
      return SQLITE_OK;
    });
  }

  static int lock(sqlite3_file* f, int level) {
    return opened(f).locks ? opened(f).locks->lock(opened(f).holder, level) : SQLITE_OK;
  }
  static int unlock(sqlite3_file* f, int level) {
    if (opened(f).locks) opened(f).locks->unlock(opened(f).holder, level);
    return SQLITE_OK;
  }
  static int check_reserved(sqlite3_file* f, int* out) {
    *out = opened(f).locks && opened(f).locks->reserved();
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4096; }
  // As SQLite assumes of a real disk: a write disturbs no bytes beside its own.
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
    return guarded(SQLITE_IOERR_SHMMAP, [&] {
      auto index = static_cast<std::size_t>(region);
      *out = opened(f).locks->map(opened(f).holder, index, static_cast<std::size_t>(size), extend != 0);
      return SQLITE_OK;
    });
  }
  static int shm_lock(sqlite3_file* f, int first, int count, int flags) {
    return opened(f).locks->lock_slots(opened(f).holder, first, count, flags);
  }
  static void shm_barrier(sqlite3_file* f) { opened(f).locks->barrier(); }
  static int shm_unmap(sqlite3_file* f, int) {
    opened(f).locks->unmap(opened(f).holder);
    return SQLITE_OK;
  }
};

Registration& registration_of(sqlite3_vfs* vfs) { return *static_cast<Registration*>(vfs->pAppData); }

OpenMode mode_of(int flags) {
  if (!(flags & SQLITE_OPEN_READWRITE)) return OpenMode::read;
  if (!(flags & SQLITE_OPEN_CREATE)) return OpenMode::write;
  return flags & SQLITE_OPEN_EXCLUSIVE ? OpenMode::create_new : OpenMode::open_or_create;
}

struct VfsCalls {
  static int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (!path) return SQLITE_CANTOPEN;
    return guarded(SQLITE_CANTOPEN, [&] {
      Registration& registration = registration_of(vfs);
      auto database_file = std::make_unique<OpenDatabaseFile>(registration.files, path, flags);
      database_file->file = registration.files.open(path, mode_of(flags));
      // Whoever made it may not have come as far as making its name durable.
      database_file->name_is_durable = !(flags & SQLITE_OPEN_CREATE);
      if (flags & SQLITE_OPEN_MAIN_DB) database_file->locks = registration.locks_of(path);
      if (flags & SQLITE_OPEN_DELETEONCLOSE) database_file->remove_on_close = path;
      if (out_flags) *out_flags = flags;
      reinterpret_cast<Handle*>(file)->opened = database_file.release();
      file->pMethods = &io_methods<FileCalls>;
      return SQLITE_OK;
    });
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    return guarded(SQLITE_IOERR_DELETE, [&] {
      Files& files = registration_of(vfs).files;
      if (!files.remove(path)) return SQLITE_IOERR_DELETE_NOENT;
      if (sync_folder) files.sync_directory(folder_of(path));
      return SQLITE_OK;
    });
  }

  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    return guarded(SQLITE_IOERR_ACCESS, [&] {
      std::optional<FileInfo> info = registration_of(vfs).files.info(path);
      // SQLite asks whether a log exists, and takes an empty one for none.
      *out = info && (flags != SQLITE_ACCESS_EXISTS || info->size > 0);
      return SQLITE_OK;
    });
  }

  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    std::size_t length = std::strlen(path);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, path, length + 1);
    return SQLITE_OK;
  }

  // The same in every execution: a simulated run must be replayable.
  static int randomness(sqlite3_vfs*, int size, char* out) {
    std::memset(out, 0x5a, static_cast<std::size_t>(size));
    return size;
  }

  static int sleep(sqlite3_vfs*, int us) {
    std::this_thread::sleep_for(std::chrono::microseconds(us));
    return us;
  }

  static int current_time(sqlite3_vfs*, sqlite3_int64* julian_ms) {
    constexpr sqlite3_int64 unix_epoch_in_julian_ms = 210866760000000;
    *julian_ms = unix_epoch_in_julian_ms + system_clock().now() / 1000;
    return SQLITE_OK;
  }

  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

}  // namespace

FilesVfs::FilesVfs(const std::string& name, Files& files) : registration_(std::make_unique<Registration>(name, files)) {
  register_vfs<VfsCalls>(registration_->vfs, registration_->name, sizeof(Handle), 1024, registration_.get());
}

FilesVfs::~FilesVfs() { sqlite3_vfs_unregister(&registration_->vfs); }

const std::string& FilesVfs::name() const { return registration_->name; }

void FilesVfs::forget() {
  std::lock_guard guard(registration_->mutex);
  registration_->locks.clear();
}

Files& FilesVfs::files_of(const std::string& name) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(name.c_str());
  return vfs && vfs->xOpen == VfsCalls::open_file ? registration_of(vfs).files : system_files();
}

}  // namespace backlot
