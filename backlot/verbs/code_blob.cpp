#include "backlot/verbs/code_blob.h"

#include <unistd.h>

#include <filesystem>

#include "backlot/base/durable_folder.h"

namespace backlot {

namespace {

/// Of this very file as it is now: another one has another key, and so has the same one after a change.
std::string note_key(const FileStamp& stamp) {
  std::string key = "code";
  for (auto number : {stamp.device, stamp.inode, stamp.size, static_cast<std::uint64_t>(stamp.modified_ns),
                      static_cast<std::uint64_t>(stamp.changed_ns)})
    key += " " + std::to_string(number);
  return key;
}

}  // namespace

std::string store_code(BlobStore& store, Catalog& catalog, Files& files) {
  auto file = files.open("/proc/self/exe", OpenMode::read);  // what runs, though its path may lead elsewhere by now
  const std::string key = note_key(file->stamp());
  if (auto known = catalog.note(key)) {
    auto id = Digest::from_hex(*known);
    if (id && store.info(*id)) return *known;
  }
  auto binary = file->map();
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
