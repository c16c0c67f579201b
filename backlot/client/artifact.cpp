#include "backlot/client/artifact.h"

#include <filesystem>

#include "backlot/base/whole_file.h"
#include "backlot/client/connection.h"
#include "backlot/client/content.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/to_json.h"

namespace backlot::client {
namespace {

namespace fs = std::filesystem;

/// Without a slash at its end; where it is a link, what that leads to.
std::string place_of(const std::string& path) {
  std::error_code error;
  fs::path place = fs::exists(path, error) ? fs::canonical(path, error) : fs::path(path);
  if (error) throw system_error(path, error.value());
  return (place.has_filename() ? place : place.parent_path()).native();
}

/// Beside its place first, so that it appears whole or not at all.
void write_folder(const FolderValue& folder, const std::string& path) {
  Files& files = system_files();
  const std::string place = place_of(path);
  auto there = files.info(place);
  if (there && !(there->is_directory && files.list(place).empty())) {
    throw Error(ErrorCode::exists, path + " is there already, and no empty folder",
                "name a folder that does not exist");
  }
  std::string part;
  for (int i = 0; files.info(part = place + "." + std::to_string(i) + ".part"); ++i) {}
  try {
    folder.copy_to(part);
    files.rename(part, place);
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    throw;
  }
}

}  // namespace

Artifact::Artifact(std::shared_ptr<Connection> home, std::string task, std::string name, Reference reference)
    : home_(std::move(home)), task_(std::move(task)), name_(std::move(name)), reference_(std::move(reference)) {}

BlobReader& Artifact::blobs() const { return home_->store(); }

std::string Artifact::json(int indent) const {
  ValueLoader loader(blobs());
  return to_json(reference_, loader, {.indent = indent});
}

std::string Artifact::shown() const {
  if (type() != TypeTag::tensor) return json(2);
  ValueLoader loader(blobs());
  ValueLoader::Raw raw = loader.raw(reference_);
  if (auto lists = tensor_as_lists(raw.bytes)) return *lists;
  return to_json(TypeTag::tensor, raw.bytes, {.tensor_elements = 0});
}

void Artifact::read(const std::function<void(std::string_view piece)>& visit) const {
  if (has_content(type())) {
    each_piece(reference_, home_->store(), visit);
  } else {
    visit(json(2) + "\n");
  }
}

void Artifact::write_to(const std::string& path) const {
  if (type() == TypeTag::folder) return write_folder(as<FolderValue>(), path);
  WholeFile file(path);
  bool executable = false;
  if (has_content(type())) {
    executable = each_piece(reference_, home_->store(), [&](std::string_view piece) { file.add(piece); });
  } else {
    file.add(json(2) + "\n");
  }
  file.keep(executable);
}

}  // namespace backlot::client
