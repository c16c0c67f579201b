// A tree of files as a value. Links are refused, empty folders kept.
//
//   model = FolderValue::from("model");              model->copy_to(temp_dir + "/model");
#pragma once
#include <map>
#include <optional>
#include <string>

#include "backlot/value/file_value.h"

namespace backlot {

/// Copies share the bytes.
class FolderValue {
 public:
  /// By path below the folder, "/" between names; empty for a folder. Each has the folders around it before it.
  using Entries = std::map<std::string, std::optional<FileValue>>;

  FolderValue() = default;
  /// All that lies below `path`; its files must not change until the value is saved. Throws Error not_found,
  /// permission, io, and unsupported when something is neither file nor folder.
  static FolderValue from(const std::string& path);
  /// Adds a file, under the last name of `path`, and the folders around it; add_folder adds those alone. Throw Error
  /// invalid when the path leads elsewhere or through a file, or the file is there already.
  void add(const std::string& path, const FileValue& file);
  void add_folder(const std::string& path);

  const Entries& entries() const { return entries_; }
  /// Throws Error not_found when there is no such file.
  const FileValue& at(const std::string& path) const;
  /// Makes the folder `path`, which must be empty if it exists. Throws Error exists, permission, no_space, io.
  void copy_to(const std::string& path) const;
  bool operator==(const FolderValue& other) const = default;

 private:
  Entries entries_;
};

/// Files of more than packed_value_limit bytes are blobs of their own; the others lie in the folder's bytes.
template <>
struct WholeCodec<FolderValue> {
  static Reference save(const FolderValue& folder, ValueSaver& saver);
  static FolderValue load(const Reference& from, ValueLoader& loader);
};

}  // namespace backlot
