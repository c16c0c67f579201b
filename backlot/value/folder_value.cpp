#include "backlot/value/folder_value.h"

#include <algorithm>
#include <filesystem>
#include <list>

#include "backlot/base/files.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

struct Split {
  std::string folder, name;  ///< folder: empty at the top
};
Split split(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

/// The pieces of a folder's raw bytes: a list of entries in order of their paths. Of a folder [path]; of a file
/// [path, executable, bytes]; of a large one [path, executable, size, id], the id being that of its bytes as a value.
class FolderBytes {
 public:
  FolderBytes(const FolderValue& folder, ValueSaver& saver) : saver_(saver) {
    CborWriter(new_head()).list(folder.entries().size());
    for (const auto& [path, file] : folder.entries()) {
      if (!file) {
        add_folder(path);
      } else if (file->bytes().size() > packed_value_limit) {
        add_large(path, *file);
      } else {
        add_small(path, *file);
      }
    }
  }

  Reference save() {
    std::sort(refers_to_.begin(), refers_to_.end());
    refers_to_.erase(std::unique(refers_to_.begin(), refers_to_.end()), refers_to_.end());
    std::vector<std::string_view> pieces;
    auto content = contents_.begin();
    for (const std::string& head : heads_) {
      pieces.push_back(head);
      pieces.push_back(*content++);
    }
    return saver_.save(TypeTag::folder, pieces, refers_to_);
  }

 private:
  /// Content is what follows the head.
  std::string& new_head(std::string_view content = {}) {
    contents_.push_back(content);
    return heads_.emplace_back();
  }
  void add_folder(const std::string& path) {
    CborWriter out(new_head());
    out.list(1);
    out.text(path);
  }
  void add_small(const std::string& path, const FileValue& file) {
    CborWriter out(new_head(file.bytes()));
    out.list(3);
    out.text(path);
    out.boolean(file.executable());
    out.bytes_head(file.bytes().size());
  }
  void add_large(const std::string& path, const FileValue& file) {
    std::string head;
    CborWriter(head).bytes_head(file.bytes().size());
    refers_to_.push_back(saver_.blobs().put(TypeTag::bytes, {head, file.bytes()}));
    CborWriter out(new_head());
    out.list(4);
    out.text(path);
    out.boolean(file.executable());
    out.natural(file.bytes().size());
    out.bytes(refers_to_.back().view());
  }

  ValueSaver& saver_;
  std::list<std::string> heads_;
  std::list<std::string_view> contents_;
  std::vector<Digest> refers_to_;
};

FileValue read_small(CborReader& in, const std::string& name, const ValueLoader::Raw& raw) {
  bool executable = in.boolean();
  std::string_view bytes = in.bytes();
  if (bytes.size() > packed_value_limit) in.fail("a large file within its folder");
  return {name, executable, bytes, raw.owner};
}

FileValue read_large(CborReader& in, const std::string& name, ValueLoader& loader) {
  bool executable = in.boolean();
  std::uint64_t size = in.natural();
  auto id = Digest::from_bytes(in.bytes());
  if (!id || size <= packed_value_limit) in.fail("no blob of a large file");
  std::string head;
  CborWriter(head).bytes_head(size);
  Reference content;
  content.type = TypeTag::bytes;
  content.place = Reference::Place::blob;
  content.size = head.size() + size;
  content.id = *id;
  ValueLoader::Raw raw = loader.raw(content);
  CborReader bytes(raw.bytes);
  std::string_view all = bytes.bytes();
  bytes.end();
  return {name, executable, all, std::move(raw.owner)};
}

void read_entry(CborReader& in, const ValueLoader::Raw& raw, ValueLoader& loader, FolderValue& folder) {
  std::uint64_t parts = in.list();
  std::string path(in.text());
  const auto& before = folder.entries();
  if (!before.empty() && before.rbegin()->first >= path) in.fail("paths out of order");
  std::size_t count = before.size();
  std::string name = split(path).name;
  try {
    if (parts == 1) {
      folder.add_folder(path);
    } else if (parts == 3) {
      folder.add(path, read_small(in, name, raw));
    } else if (parts == 4) {
      folder.add(path, read_large(in, name, loader));
    } else {
      in.fail("no entry of a folder");
    }
  } catch (const Error& e) {
    if (e.code() != ErrorCode::invalid) throw;
    in.fail(e.message());
  }
  if (before.size() != count + 1) in.fail("an entry without the folder around it");
}

}  // namespace

void FolderValue::add_folder(const std::string& path) {
  auto there = entries_.find(path);
  if (there != entries_.end()) {
    if (!there->second) return;
    throw Error(ErrorCode::invalid, "'" + path + "' is a file, not a folder");
  }
  auto [around, name] = split(path);
  check_file_name(name);
  if (!around.empty() || path.find('/') != std::string::npos) add_folder(around);
  entries_.emplace(path, std::nullopt);
}

void FolderValue::add(const std::string& path, const FileValue& file) {
  auto [around, name] = split(path);
  FileValue named(name, file.executable(), file.bytes(), std::make_shared<FileValue>(file));
  if (!around.empty() || path.find('/') != std::string::npos) add_folder(around);
  if (!entries_.emplace(path, std::move(named)).second) {
    throw Error(ErrorCode::invalid, "'" + path + "' stands twice in a folder");
  }
}

FolderValue FolderValue::from(const std::string& path) {
  FolderValue folder;
  try {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
      std::string below = entry.path().lexically_relative(path).native();
      if (entry.is_symlink() || !(entry.is_directory() || entry.is_regular_file())) {
        throw Error(ErrorCode::unsupported, entry.path().native() + " is neither a file nor a folder",
                    "put what it leads to in its place, or leave it out");
      }
      if (entry.is_directory()) {
        folder.add_folder(below);
      } else {
        folder.add(below, FileValue::from(entry.path().native()));
      }
    }
  } catch (const fs::filesystem_error& e) { throw system_error(e.path1().native(), e.code().value()); }
  return folder;
}

const FileValue& FolderValue::at(const std::string& path) const {
  auto found = entries_.find(path);
  if (found != entries_.end() && found->second) return *found->second;
  throw Error(ErrorCode::not_found, "the folder has no file '" + path + "'");
}

void FolderValue::copy_to(const std::string& path) const {
  Files& files = system_files();
  if (!files.list(path).empty()) {
    throw Error(ErrorCode::exists, path + " is not empty", "copy to a folder that does not exist");
  }
  files.make_directories(path);
  for (const auto& [below, file] : entries_) {
    std::string target = path + "/" + below;
    if (file) {
      file->copy_to(target);
    } else {
      files.make_directories(target);
    }
  }
}

Reference WholeCodec<FolderValue>::save(const FolderValue& folder, ValueSaver& saver) {
  return FolderBytes(folder, saver).save();
}

FolderValue WholeCodec<FolderValue>::load(const Reference& from, ValueLoader& loader) {
  codec::expect_type(TypeTag::folder, from);
  ValueLoader::Raw raw = loader.raw(from);
  CborReader in(raw.bytes);
  FolderValue folder;
  for (std::uint64_t n = in.list(); n > 0; --n) read_entry(in, raw, loader, folder);
  in.end();
  return folder;
}

}  // namespace backlot
