#include "backlot/base/test_memory_files.h"

#include <algorithm>
#include <cerrno>
#include <set>

#include "backlot/base/error.h"
#include "backlot/base/test_memory_disk.h"

namespace backlot {

using Guard = std::lock_guard<std::mutex>;

/// A file or a directory, apart from its names.
struct MemoryFiles::Node {
  std::uint64_t number = 0;  ///< never reused; the same in every execution, unlike an address
  bool is_directory = false;
  std::map<std::string, NodePtr, std::less<>> names, durable_names;  ///< of a directory
  MemoryDisk disk;                                                   ///< of a file
  Micros modified = 0, durable_modified = 0;
  std::int64_t changes = 0;  ///< of bytes, times and names
  std::weak_ptr<char> lock;  ///< held while somebody owns it
};

/// A change of one name, or of two at once (a rename). A node of null: the name is removed.
struct MemoryFiles::NameChange {
  using Key = std::pair<std::uint64_t, std::string>;  ///< the number of the directory, the name in it
  struct Entry {
    NodePtr directory;
    std::string name;
    NodePtr node;
    Key key() const { return {directory->number, name}; }
  };
  std::vector<Entry> entries;

  void apply_durably() const {
    for (const Entry& e : entries) {
      if (e.node) {
        e.directory->durable_names[e.name] = e.node;
      } else {
        e.directory->durable_names.erase(e.name);
      }
    }
  }
};

/// A directory that exists, a name in it, and what bears that name now, if anything.
struct MemoryFiles::Place {
  NodePtr directory;
  std::string name;
  NodePtr node;
};

class MemoryFiles::Lock : public FileLock {
 public:
  explicit Lock(std::shared_ptr<char> held) : held_(std::move(held)) {}

 private:
  std::shared_ptr<char> held_;
};

class MemoryFiles::OpenFile : public File {
 public:
  OpenFile(MemoryFiles& files, NodePtr node, std::string path, bool writable)
      : files_(files), node_(std::move(node)), path_(std::move(path)), writable_(writable), epoch_(files.crashes_) {}

  const std::string& path() const override { return path_; }

  std::uint64_t size() override {
    Guard guard(files_.mutex_);
    check("stat");
    return node_->disk.bytes().size();
  }

  FileStamp stamp() override {
    Guard guard(files_.mutex_);
    check("stat");
    return {0, node_->number, node_->disk.bytes().size(), node_->modified, node_->changes};
  }

  std::string read(std::uint64_t offset, std::size_t size) override {
    Guard guard(files_.mutex_);
    check("read");
    const std::string& bytes = node_->disk.bytes();
    return offset < bytes.size() ? bytes.substr(offset, size) : std::string();
  }

  void write(std::uint64_t offset, std::string_view bytes) override {
    Guard guard(files_.mutex_);
    check_writable("write");
    int error = files_.begin(Operation::write, "write " + path_);
    node_->disk.write(offset, error == 0 ? bytes : bytes.substr(0, bytes.size() / 2));
    node_->modified = files_.clock_.now();
    ++node_->changes;
    if (error != 0) throw system_error("write " + path_, error);
  }

  void truncate(std::uint64_t size) override {
    Guard guard(files_.mutex_);
    check_writable("truncate");
    if (int error = files_.begin(Operation::write, "truncate " + path_)) throw system_error("truncate " + path_, error);
    node_->disk.truncate(size);
    node_->modified = files_.clock_.now();
    ++node_->changes;
  }

  void sync() override {
    Guard guard(files_.mutex_);
    check("sync");
    if (int error = files_.begin(Operation::sync, "sync " + path_)) {
      sync_failed_ = true;
      node_->disk.fail_sync(mixed(node_->number, files_.counts_[Operation::sync]));
      throw system_error("sync " + path_, error);
    }
    if (files_.syncs_lie_) return;
    node_->disk.sync();
    node_->durable_modified = node_->modified;
  }

  std::unique_ptr<Mapping> map() override {
    class Snapshot : public Mapping {
     public:
      explicit Snapshot(std::shared_ptr<const std::string> bytes) : held_(std::move(bytes)) { bytes_ = *held_; }

     private:
      std::shared_ptr<const std::string> held_;
    };
    Guard guard(files_.mutex_);
    check("map");
    return std::make_unique<Snapshot>(node_->disk.snapshot());
  }

 private:
  friend MemoryFiles;
  void check(const char* what) const {
    if (files_.power_ends_) files_.require_power(what + (" " + path_));
    if (epoch_ != files_.crashes_) {
      throw Error(ErrorCode::io, std::string(what) + " " + path_ + ": it was open when power failed");
    }
    if (sync_failed_) throw Error(ErrorCode::io, path_ + " is unusable: an earlier sync of it failed");
  }
  void check_writable(const char* what) const {
    check(what);
    if (!writable_) throw system_error(std::string(what) + " " + path_, EBADF);
  }

  MemoryFiles& files_;
  NodePtr node_;
  std::string path_;
  bool writable_;
  std::uint64_t epoch_;
  bool sync_failed_ = false;
};

MemoryFiles::MemoryFiles(Clock& clock) : clock_(clock), root_(make_node(true)) {}
MemoryFiles::~MemoryFiles() = default;

std::uint64_t MemoryFiles::operations() const {
  Guard guard(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : counts_) sum += count;
  return sum;
}

void MemoryFiles::power_off_after(std::uint64_t operations) {
  std::uint64_t so_far = this->operations();
  Guard guard(mutex_);
  power_ends_ = so_far + operations;
}

void MemoryFiles::fail(Operation kind, std::uint64_t nth, int error_number) {
  Guard guard(mutex_);
  faults_[{kind, counts_[kind] + nth}] = error_number;
}

void MemoryFiles::drop_syncs(bool lie) {
  Guard guard(mutex_);
  syncs_lie_ = lie;
}

std::unique_ptr<File> MemoryFiles::open(const std::string& path, OpenMode mode) {
  Guard guard(mutex_);
  const std::string what = "open " + path;
  require_power(what);
  Place place = place_of(path, what);
  bool creates = mode == OpenMode::create_new || mode == OpenMode::open_or_create;
  if (!place.node && !creates) throw system_error(what, ENOENT);
  if (place.node && mode == OpenMode::create_new) throw system_error(what, EEXIST);
  if (place.node && place.node->is_directory) throw system_error(what, EISDIR);
  NodePtr node = place.node;
  if (!node) {
    begin_name_change(what);
    node = create(place, false);
  }
  return std::make_unique<OpenFile>(*this, node, path, mode != OpenMode::read);
}

std::unique_ptr<File> MemoryFiles::create_unnamed(const std::string& directory) {
  Guard guard(mutex_);
  const std::string what = "create a file in " + directory;
  require_power(what);
  find_directory(directory, what);
  return std::make_unique<OpenFile>(*this, make_node(false), directory + "/(unnamed)", true);
}

bool MemoryFiles::publish(File& unnamed, const std::string& path) {
  auto* file = dynamic_cast<OpenFile*>(&unnamed);
  BACKLOT_ASSERT(file != nullptr);
  Guard guard(mutex_);
  const std::string what = "publish " + path;
  file->check("publish");
  Place place = place_of(path, what);
  begin_name_change(what);
  if (place.node) return false;
  change({{{place.directory, place.name, file->node_}}});
  file->path_ = path;
  return true;
}

void MemoryFiles::rename(const std::string& from, const std::string& to) {
  Guard guard(mutex_);
  const std::string what = "rename " + from + " to " + to;
  require_power(what);
  Place source = place_of(from, what), target = place_of(to, what);
  if (!source.node) throw system_error(what, ENOENT);
  if (to.starts_with(from + "/")) throw system_error(what, EINVAL);
  if (target.node && target.node->is_directory != source.node->is_directory) {
    throw system_error(what, target.node->is_directory ? EISDIR : ENOTDIR);
  }
  if (target.node && !target.node->names.empty()) throw system_error(what, ENOTEMPTY);
  begin_name_change(what);
  if (source.node == target.node) return;
  change({{{source.directory, source.name, nullptr}, {target.directory, target.name, source.node}}});
}

bool MemoryFiles::remove(const std::string& path) {
  Guard guard(mutex_);
  const std::string what = "remove " + path;
  require_power(what);
  if (!find(path)) return false;
  Place place = place_of(path, what);
  if (place.node->is_directory) throw system_error(what, EISDIR);
  begin_name_change(what);
  change({{{place.directory, place.name, nullptr}}});
  return true;
}

void MemoryFiles::remove_directory(const std::string& path) {
  Guard guard(mutex_);
  const std::string what = "remove directory " + path;
  require_power(what);
  Place place = place_of(path, what);
  if (!place.node) throw system_error(what, ENOENT);
  if (!place.node->is_directory) throw system_error(what, ENOTDIR);
  if (!place.node->names.empty()) throw system_error(what, ENOTEMPTY);
  begin_name_change(what);
  change({{{place.directory, place.name, nullptr}}});
}

void MemoryFiles::make_directories(const std::string& path) {
  Guard guard(mutex_);
  const std::string what = "make directory " + path;
  require_power(what);
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    std::string prefix = path.substr(0, end);
    NodePtr found = find(prefix);
    if (found && !found->is_directory) throw system_error(what, ENOTDIR);
    if (found) continue;
    begin_name_change(what);
    create(place_of(prefix, what), true);
  }
}

std::optional<FileInfo> MemoryFiles::info(const std::string& path) {
  Guard guard(mutex_);
  require_power("stat");
  NodePtr node = find(path);
  if (!node) return std::nullopt;
  return FileInfo{node->disk.bytes().size(), node->modified, node->is_directory, 0, node->number};
}

std::vector<std::string> MemoryFiles::list(const std::string& directory) {
  Guard guard(mutex_);
  require_power("list");
  NodePtr node = find(directory);
  if (!node) return {};
  if (!node->is_directory) throw system_error("list " + directory, ENOTDIR);
  std::vector<std::string> names;
  for (const auto& [name, child] : node->names) names.push_back(name);
  return names;
}

void MemoryFiles::touch(const std::string& path) {
  Guard guard(mutex_);
  require_power("touch");
  NodePtr node = find(path);
  if (!node) throw system_error("touch " + path, ENOENT);
  node->modified = clock_.now();
  ++node->changes;
}

void MemoryFiles::sync_directory(const std::string& path) {
  Guard guard(mutex_);
  const std::string what = "sync directory " + path;
  require_power(what);
  NodePtr directory = find_directory(path, what);
  if (int error = begin(Operation::sync, what)) throw system_error(what, error);
  if (!syncs_lie_) make_durable(*directory);
}

std::unique_ptr<FileLock> MemoryFiles::try_lock(const std::string& path) {
  Guard guard(mutex_);
  const std::string what = "lock " + path;
  require_power(what);
  Place place = place_of(path, what);
  if (!place.node) begin_name_change(what);
  NodePtr node = place.node ? place.node : create(place, false);
  if (!node->lock.expired()) return nullptr;
  auto token = std::make_shared<char>();
  node->lock = token;
  return std::make_unique<Lock>(std::move(token));
}

void MemoryFiles::crash(std::uint64_t seed) {
  Guard guard(mutex_);
  settle_names(seed);
  settle_node(*root_, seed);
  power_ends_.reset();
  faults_.clear();
  ++crashes_;
}

void MemoryFiles::require_power(const std::string& what) const {
  if (!power_ends_) return;
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : counts_) sum += count;
  if (sum >= *power_ends_) throw Error(ErrorCode::io, what + ": power is off");
}

/// Counts the operation; returns the errno it is to fail with, or 0.
int MemoryFiles::begin(Operation kind, const std::string& what) {
  require_power(what);
  auto fault = faults_.find({kind, ++counts_[kind]});
  return fault == faults_.end() ? 0 : fault->second;
}

void MemoryFiles::begin_name_change(const std::string& what) {
  if (int error = begin(Operation::name, what)) throw system_error(what, error);
}

MemoryFiles::NodePtr MemoryFiles::make_node(bool is_directory) {
  auto node = std::make_shared<Node>();
  node->number = nodes_made_++;
  node->is_directory = is_directory;
  node->modified = node->durable_modified = clock_.now();
  return node;
}

MemoryFiles::NodePtr MemoryFiles::find(std::string_view path) const {
  NodePtr node = root_;
  while (node && !path.empty()) {
    std::size_t slash = std::min(path.find('/'), path.size());
    std::string_view name = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (name.empty() || name == ".") continue;
    auto found = node->names.find(name);
    node = found == node->names.end() ? nullptr : found->second;
  }
  return node;
}

MemoryFiles::NodePtr MemoryFiles::find_directory(const std::string& path, const std::string& what) const {
  NodePtr node = find(path);
  if (!node) throw system_error(what, ENOENT);
  if (!node->is_directory) throw system_error(what, ENOTDIR);
  return node;
}

MemoryFiles::Place MemoryFiles::place_of(const std::string& path, const std::string& what) const {
  std::size_t slash = path.rfind('/');
  std::size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  Place place{find_directory(path.substr(0, name_at), what), path.substr(name_at), nullptr};
  if (place.name.empty() || place.name == "." || place.name == "..") throw system_error(what, EINVAL);
  auto found = place.directory->names.find(place.name);
  if (found != place.directory->names.end()) place.node = found->second;
  return place;
}

MemoryFiles::NodePtr MemoryFiles::create(const Place& place, bool is_directory) {
  NodePtr node = make_node(is_directory);
  change({{{place.directory, place.name, node}}});
  return node;
}

void MemoryFiles::change(NameChange change) {
  for (const NameChange::Entry& e : change.entries) {
    if (e.node) {
      e.directory->names[e.name] = e.node;
      ++e.node->changes;
    } else {
      e.directory->names.erase(e.name);
    }
  }
  pending_.push_back(std::move(change));
}

/// The changes in this directory, and whatever earlier change of the same names they rest on.
void MemoryFiles::make_durable(const Node& directory) {
  std::set<NameChange::Key> needed;
  std::vector<bool> chosen(pending_.size());
  for (std::size_t i = pending_.size(); i-- > 0;) {
    const auto& entries = pending_[i].entries;
    chosen[i] = std::any_of(entries.begin(), entries.end(), [&](const NameChange::Entry& e) {
      return e.directory->number == directory.number || needed.contains(e.key());
    });
    if (!chosen[i]) continue;
    for (const NameChange::Entry& e : entries) needed.insert(e.key());
  }
  std::vector<NameChange> rest;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (chosen[i]) {
      pending_[i].apply_durably();
    } else {
      rest.push_back(std::move(pending_[i]));
    }
  }
  pending_ = std::move(rest);
}

/// Keeps some of the pending changes; one that rests on a lost one is lost too.
void MemoryFiles::settle_names(std::uint64_t seed) {
  enum Fate { keep_all, lose_all, each_alone };
  const auto fate = static_cast<Fate>(mixed(seed, 0) % 3);
  std::set<NameChange::Key> lost;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const auto& entries = pending_[i].entries;
    bool rests_on_lost =
        std::any_of(entries.begin(), entries.end(), [&](const NameChange::Entry& e) { return lost.contains(e.key()); });
    bool kept = fate == keep_all || (fate == each_alone && !rests_on_lost && mixed(seed, i + 1) % 2 == 0);
    if (kept) {
      pending_[i].apply_durably();
    } else {
      for (const NameChange::Entry& e : entries) lost.insert(e.key());
    }
  }
  pending_.clear();
}

/// What a crash leaves of a file, or of everything below a directory.
void MemoryFiles::settle_node(Node& node, std::uint64_t seed) {
  const std::uint64_t own_seed = mixed(seed, node.number);
  node.lock.reset();
  if (mixed(own_seed, 0) % 2 == 0) node.durable_modified = node.modified;
  node.modified = node.durable_modified;
  if (!node.is_directory) node.disk.crash(mixed(own_seed, 1));
  node.names = node.durable_names;
  for (auto& [name, child] : node.names) settle_node(*child, seed);
}

}  // namespace backlot
