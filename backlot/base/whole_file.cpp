#include "backlot/base/whole_file.h"

#include <filesystem>

#include "backlot/base/durable_folder.h"
#include "backlot/base/error.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms any_read = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;

/// For all who may read it.
void make_executable(const std::string& path) {
  std::error_code error;
  auto readers = static_cast<unsigned>(fs::status(path, error).permissions() & any_read);
  if (!error) fs::permissions(path, static_cast<fs::perms>(readers >> 2), fs::perm_options::add, error);
  if (error) throw system_error(path, error.value());
}

}  // namespace

WholeFile::WholeFile(const std::string& path) : path_(path) {
  std::error_code ignored;
  fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) throw Error(ErrorCode::exists, path + " is a folder, not a file");
  if (!fs::exists(status) || fs::is_regular_file(status)) {
    if (fs::exists(status)) path_ = fs::canonical(path).native();
    unnamed_ = system_files().create_unnamed(folder_of(path_));
    return;
  }
  stream_.reset(std::fopen(path.c_str(), "wb"));
  if (!stream_) throw_system_error("open " + path);
}

void WholeFile::add(std::string_view bytes) {
  if (unnamed_) {
    unnamed_->write(size_, bytes);
  } else if (std::fwrite(bytes.data(), 1, bytes.size(), stream_.get()) != bytes.size()) {
    throw_system_error("write " + path_);
  }
  size_ += bytes.size();
}

void WholeFile::keep(bool executable) {
  if (unnamed_) return give_name(executable);
  if (std::fclose(stream_.release()) != 0) throw_system_error("write " + path_);
}

void WholeFile::give_name(bool executable) {
  Files& files = system_files();
  std::string part;
  int i = 0;
  do part = path_ + "." + std::to_string(i++) + ".part";
  while (!files.publish(*unnamed_, part));
  try {
    if (executable) make_executable(part);
    files.rename(part, path_);
  } catch (const Error&) {
    files.remove(part);
    throw;
  }
}

}  // namespace backlot
