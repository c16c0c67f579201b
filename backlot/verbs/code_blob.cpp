#include "backlot/verbs/code_blob.h"

#include <unistd.h>

#include <climits>
#include <filesystem>

#include "backlot/base/durable_folder.h"

namespace backlot {

std::string store_code(BlobStore& store, Catalog& catalog, Files& files) {
  char path[PATH_MAX] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) throw_system_error("readlink /proc/self/exe");
  auto info = files.info(path);
  if (!info) return {};  // replaced while it runs: what runs has no name any more
  std::string key =
      "code " + std::string(path) + " " + std::to_string(info->size) + " " + std::to_string(info->modified_us);
  if (auto known = catalog.note(key)) {
    auto id = Digest::from_hex(*known);
    if (id && store.info(*id)) return *known;
  }
  auto binary = files.open(path, OpenMode::read)->map();
  Digest id = store.put(TypeTag::code, {binary->bytes()});
  store.sync_names({id});
  catalog.set_note(key, id.hex());
  return id.hex();
}

std::string program_of(const RunRow& run, const Home& home, BlobStore& store) {
  auto id = Digest::from_hex(run.code);
  if (!id || !store.info(*id)) {
    throw Error(ErrorCode::not_found, "the program of " + address(run) + " was not kept",
                "`run` the flow with the program you have");
  }
  std::string path = home.programs() + "/" + run.code;
  if (access(path.c_str(), X_OK) == 0) return path;
  Files& files = system_files();
  make_durable_folder(files, home.programs());
  std::string fresh = path + "." + std::to_string(getpid());
  {
    auto file = files.open(fresh, OpenMode::open_or_create);
    file->write(0, store.open(*id)->bytes());
    file->sync();
  }
  std::filesystem::permissions(fresh, std::filesystem::perms(0755));
  files.rename(fresh, path);
  return path;
}

}  // namespace backlot
