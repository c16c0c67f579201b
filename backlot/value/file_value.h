// A file as a value: its name, its bytes, and whether it may be executed; no owner, no times.
//
//   report = FileValue::from("out/report.pdf");      std::string_view text = report->bytes();
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "backlot/value/codec.h"

namespace backlot {

/// Copies share the bytes.
class FileValue {
 public:
  FileValue() = default;
  /// `bytes` are valid as long as `owner` lives. Throws Error invalid when the name is no name of a file.
  FileValue(std::string name, bool executable, std::string_view bytes, std::shared_ptr<const void> owner);
  /// A file that is not on disk.
  FileValue(std::string name, std::string bytes);
  /// The file at `path`, which must not change until the value is saved. Throws Error not_found, permission, io.
  static FileValue from(const std::string& path);

  /// Without folders.
  const std::string& name() const { return name_; }
  bool executable() const { return executable_; }
  std::string_view bytes() const { return bytes_; }
  /// Replaces what is at `path`. Throws Error not_found, permission, no_space, io.
  void copy_to(const std::string& path) const;
  bool operator==(const FileValue& other) const;

 private:
  std::string name_;
  bool executable_ = false;
  std::string_view bytes_;
  std::shared_ptr<const void> owner_;
};

/// Throws Error invalid when `name` cannot be the name of a file in a folder.
void check_file_name(std::string_view name);

template <>
struct WholeCodec<FileValue> {
  static Reference save(const FileValue& file, ValueSaver& saver);
  static FileValue load(const Reference& from, ValueLoader& loader);
};

}  // namespace backlot
