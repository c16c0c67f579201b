#include "tests/sim/buggy_files.h"

namespace backlot::sim {
namespace {

class Unsynced : public File {
 public:
  explicit Unsynced(std::unique_ptr<File> file) : file_(std::move(file)) {}
  const std::string& path() const override { return file_->path(); }
  std::uint64_t size() override { return file_->size(); }
  FileStamp stamp() override { return file_->stamp(); }
  std::string read(std::uint64_t offset, std::size_t size) override { return file_->read(offset, size); }
  void write(std::uint64_t offset, std::string_view bytes) override { file_->write(offset, bytes); }
  void truncate(std::uint64_t size) override { file_->truncate(size); }
  void sync() override {}
  std::unique_ptr<Mapping> map() override { return file_->map(); }
  File& real() { return *file_; }

 private:
  std::unique_ptr<File> file_;
};

}  // namespace

std::unique_ptr<File> BuggyFiles::open(const std::string& path, OpenMode mode) {
  auto file = disk_.open(path, mode);
  bool unsynced = bug_ == Bug::unsynced_catalog && path.find("catalog") != std::string::npos;
  if (unsynced) return std::make_unique<Unsynced>(std::move(file));
  return file;
}

std::unique_ptr<File> BuggyFiles::create_unnamed(const std::string& directory) {
  auto file = disk_.create_unnamed(directory);
  if (bug_ == Bug::skip_blob_sync) return std::make_unique<Unsynced>(std::move(file));
  return file;
}

std::optional<FileInfo> BuggyFiles::info(const std::string& path) {
  auto info = disk_.info(path);
  if (info && bug_ == Bug::replaced_catalog) info->inode = 0;
  return info;
}

bool BuggyFiles::publish(File& unnamed, const std::string& path) {
  auto* wrapped = dynamic_cast<Unsynced*>(&unnamed);
  return disk_.publish(wrapped ? wrapped->real() : unnamed, path);
}

void BuggyFiles::sync_directory(const std::string& path) {
  bool of_blobs = path.find("/blobs/") != std::string::npos;
  if (bug_ == Bug::skip_directory_sync && of_blobs) return;
  disk_.sync_directory(path);
}

}  // namespace backlot::sim
