#include "backlot/value/file_value.h"

#include <filesystem>

#include "backlot/base/whole_file.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms any_execute = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;

fs::perms permissions_of(const std::string& path) {
  std::error_code error;
  fs::perms permissions = fs::status(path, error).permissions();
  if (error) throw system_error(path, error.value());
  return permissions;
}

}  // namespace

void check_file_name(std::string_view name) {
  check_text(name);
  bool odd = name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos;
  if (odd || name.empty() || name == "." || name == "..") {
    throw Error(ErrorCode::invalid, "'" + std::string(name) + "' is no name of a file");
  }
}

FileValue::FileValue(std::string name, bool executable, std::string_view bytes, std::shared_ptr<const void> owner)
    : name_(std::move(name)), executable_(executable), bytes_(bytes), owner_(std::move(owner)) {
  check_file_name(name_);
}

FileValue::FileValue(std::string name, std::string bytes) : name_(std::move(name)) {
  check_file_name(name_);
  auto owned = std::make_shared<const std::string>(std::move(bytes));
  bytes_ = *owned;
  owner_ = std::move(owned);
}

FileValue FileValue::from(const std::string& path) {
  std::shared_ptr<const Mapping> mapping = system_files().open(path, OpenMode::read)->map();
  bool executable = (permissions_of(path) & any_execute) != fs::perms::none;
  std::string_view bytes = mapping->bytes();
  return {fs::path(path).filename().native(), executable, bytes, std::move(mapping)};
}

void FileValue::copy_to(const std::string& path) const {
  WholeFile file(path);
  file.add(bytes_);
  file.keep(executable_);
}

bool FileValue::operator==(const FileValue& other) const {
  return name_ == other.name_ && executable_ == other.executable_ && bytes_ == other.bytes_;
}

// [name, executable, bytes]
Reference WholeCodec<FileValue>::save(const FileValue& file, ValueSaver& saver) {
  std::string head;
  CborWriter out(head);
  out.list(3);
  out.text(file.name());
  out.boolean(file.executable());
  out.bytes_head(file.bytes().size());
  return saver.save(TypeTag::file, std::vector<std::string_view>{head, file.bytes()});
}

FileValue WholeCodec<FileValue>::load(const Reference& from, ValueLoader& loader) {
  codec::expect_type(TypeTag::file, from);
  ValueLoader::Raw raw = loader.raw(from);
  CborReader in(raw.bytes);
  in.list_of(3);
  std::string name(in.text());
  bool executable = in.boolean();
  std::string_view bytes = in.bytes();
  in.end();
  try {
    return {std::move(name), executable, bytes, std::move(raw.owner)};
  } catch (const Error& e) { in.fail(e.message()); }
}

}  // namespace backlot
