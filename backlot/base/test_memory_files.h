// A file system in memory that can lose power: for tests, and for the simulator of the whole engine.
//
// What is written is not yet durable. The bytes of a file are durable once sync() returned; a name (made, moved or
// removed) once sync_directory() of its directory returned. crash(seed) keeps everything durable and, of the rest, what
// the seed says, within what real disks do:
//  - bytes: whole 512-byte sectors, each as it was at some moment since the last sync; sectors do not keep step with
//  one
//    another. A size that was reached may survive without its bytes: they read as zeros.
//  - names: each change alone, in any order, except that changes of one name keep theirs; a rename is never half done.
// The same calls and the same seed give the same bytes.
#pragma once
#include <map>
#include <mutex>

#include "backlot/base/clock.h"
#include "backlot/base/files.h"

namespace backlot {

/// Thread-safe, but deterministic only where its callers are. Paths are absolute or relative to "/", without "..".
class MemoryFiles : public Files {
 public:
  /// What can be made to fail, and is counted: writes and truncations, syncs of files and directories, changes of
  /// names.
  enum class Operation { write, sync, name };

  explicit MemoryFiles(Clock& clock = system_clock());
  ~MemoryFiles() override;

  std::unique_ptr<File> open(const std::string& path, OpenMode mode) override;
  std::unique_ptr<File> create_unnamed(const std::string& directory) override;
  bool publish(File& unnamed, const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  bool remove(const std::string& path) override;
  void remove_directory(const std::string& path) override;
  void make_directories(const std::string& path) override;
  std::optional<FileInfo> info(const std::string& path) override;
  std::vector<std::string> list(const std::string& directory) override;
  void touch(const std::string& path) override;
  void sync_directory(const std::string& path) override;
  std::unique_ptr<FileLock> try_lock(const std::string& path) override;

  /// Power fails and comes back. Files and locks that were open are dead: every call on them throws Error io.
  /// Faults that were set are forgotten.
  void crash(std::uint64_t seed);

  /// After `operations` more of them, everything throws Error io until crash().
  void power_off_after(std::uint64_t operations);
  /// Operations so far, whether they succeeded or not.
  std::uint64_t operations() const;

  /// The nth operation of this kind from now (1 is the next) fails with this errno. A failing write may leave some of
  /// its sectors; a failing sync loses some of what it was to make durable, for good, as Linux does.
  void fail(Operation kind, std::uint64_t nth, int error_number);
  /// While true, syncs succeed and make nothing durable: a disk that lies.
  void drop_syncs(bool lie);

 private:
  struct Node;
  struct NameChange;
  struct Place;
  class OpenFile;
  class Lock;
  using NodePtr = std::shared_ptr<Node>;

  void require_power(const std::string& what) const;
  int begin(Operation kind, const std::string& what);
  void begin_name_change(const std::string& what);
  NodePtr make_node(bool is_directory);
  NodePtr find(std::string_view path) const;
  NodePtr find_directory(const std::string& path, const std::string& what) const;
  Place place_of(const std::string& path, const std::string& what) const;
  NodePtr create(const Place& place, bool is_directory);
  void change(NameChange change);
  void make_durable(const Node& directory);
  void settle_names(std::uint64_t seed);
  void settle_node(Node& node, std::uint64_t seed);

  mutable std::mutex mutex_;
  Clock& clock_;
  std::uint64_t nodes_made_ = 0;
  NodePtr root_;
  std::vector<NameChange> pending_;  ///< changes of names that are not durable yet, oldest first
  std::map<std::pair<Operation, std::uint64_t>, int> faults_;  ///< errno by the operation's place among its kind
  std::map<Operation, std::uint64_t> counts_;
  std::optional<std::uint64_t> power_ends_;  ///< the value of operations() at which power fails
  std::uint64_t crashes_ = 0;                ///< what was opened before the last one is dead
  bool syncs_lie_ = false;
};

}  // namespace backlot
