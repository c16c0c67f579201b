#include "backlot/catalog/sqlite/rescued.h"

#include <algorithm>

#include "backlot/base/durable_folder.h"
#include "backlot/base/error.h"
#include "backlot/catalog/sqlite/open.h"

namespace backlot {
namespace {

constexpr const char* rescued_suffix = ".rescued-";

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string rescued_catalog(const std::string& path, std::int64_t run_id) {
  return path + rescued_suffix + std::to_string(run_id);
}

std::vector<std::string> rescued_catalogs(Files& files, const std::string& path) {
  const std::string folder = folder_of(path), begin = path.substr(path.rfind('/') + 1) + rescued_suffix;
  std::vector<std::string> found;
  for (const std::string& name : files.list(folder)) {
    if (name.starts_with(begin) && is_number(std::string_view(name).substr(begin.size())))
      found.push_back(folder + "/" + name);
  }
  // The numbers of runs are times in microseconds, of one length.
  return found;
}

void refuse_beside_rescued(Files& files, const std::string& path) {
  std::vector<std::string> found = rescued_catalogs(files, path);
  if (found.empty()) return;
  throw Error(ErrorCode::conflict, "the catalog was lost under a run; all that was committed is in " + found.back(),
              "`backlot fsck --rescue` puts it in its place; or remove it");
}

std::string put_rescued_in_place(const std::string& path) {
  Files& files = system_files();
  std::vector<std::string> found = rescued_catalogs(files, path);
  if (found.empty()) throw Error(ErrorCode::not_found, "no rescued catalog lies beside " + path);
  const std::string& rescued = found.back();
  if (has_runs(path))
    throw Error(ErrorCode::conflict, "the catalog " + path + " has runs of its own",
                "move it away with its -wal and -shm files, if the rescued one is to take its place");
  auto lock = files.try_lock(path + ".lock");
  if (!lock) throw Error(ErrorCode::conflict, "somebody is writing to " + path, "wait until no run goes on");
  // A log is only ever that of the file it was written beside: SQLite would take it for the rescued one's.
  for (const char* beside : {"-wal", "-shm"}) files.remove(path + beside);
  files.open(path + ".lock", OpenMode::write)->truncate(0);  // what was noted is of that log
  if (files.info(path)) files.rename(path, path + ".replaced-" + rescued.substr(rescued.rfind('-') + 1));
  files.sync_directory(folder_of(path));
  files.rename(rescued, path);
  files.sync_directory(folder_of(path));
  return rescued;
}

}  // namespace backlot
