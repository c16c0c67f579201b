#include "backlot/store/local/checked_blobs.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/functional/hash.hpp>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <unordered_set>

#include "backlot/base/clock.h"
#include "backlot/base/error.h"
#include "backlot/base/identity.h"
#include "backlot/base/unique_fd.h"

namespace backlot {
namespace {

using Mark = std::uint64_t;

/// Of the blob and its file as it was. 0 marks nothing. Made at every use of a blob, so it must be cheap: the blob's id
/// is a SHA-256 already, and nobody chooses stamps to collide.
Mark mark_of(const Digest& id, const FileStamp& stamp) {
  std::uint64_t words[(sizeof id.bytes + sizeof stamp) / sizeof(std::uint64_t)];
  static_assert(sizeof words == sizeof id.bytes + sizeof stamp && sizeof stamp == 40, "no padding");
  std::memcpy(words, id.bytes.data(), sizeof id.bytes);
  std::memcpy(words + sizeof id.bytes / sizeof *words, &stamp, sizeof stamp);
  const Mark mark = boost::hash_range(std::begin(words), std::end(words));
  return mark != 0 ? mark : 1;
}

class Own : public CheckedBlobs {
 public:
  bool contains(const Digest& id, const FileStamp& stamp) override { return marks_.contains(mark_of(id, stamp)); }
  void add(const Digest& id, const FileStamp& stamp) override { marks_.insert(mark_of(id, stamp)); }

 private:
  std::unordered_set<Mark> marks_;
};

/// A hash table of marks in a shared mapping: buckets of a cache line, each mark written in one step. A full bucket
/// loses a mark, and two processes that add at once may lose one of the two. All its room is taken when it is made: on
/// a full disk whoever used a mapped place that has none yet would be killed.
class Shared : public CheckedBlobs {
 public:
  explicit Shared(std::string folder) : folder_(std::move(folder)) {}
  ~Shared() override {
    if (table_) ::munmap(table_, table_size);
  }

  bool contains(const Digest& id, const FileStamp& stamp) override {
    if (!map()) return own_.contains(id, stamp);
    const Mark mark = mark_of(id, stamp);
    for (std::size_t i = 0; i < bucket; ++i)
      if (place(mark, i).load(std::memory_order_relaxed) == mark) return true;
    return false;
  }

  void add(const Digest& id, const FileStamp& stamp) override {
    if (!map()) return own_.add(id, stamp);
    const Mark mark = mark_of(id, stamp);
    std::size_t at = mark % bucket;  // which to lose when all are taken
    for (std::size_t i = bucket; i-- > 0;) {
      Mark there = place(mark, i).load(std::memory_order_relaxed);
      if (there == mark) return;
      if (there == 0) at = i;
    }
    place(mark, at).store(mark, std::memory_order_relaxed);
  }

 private:
  static constexpr std::size_t table_size = 4 << 20, bucket = 64 / sizeof(Mark);
  static constexpr std::size_t buckets = table_size / sizeof(Mark) / bucket;

  std::atomic_ref<Mark> place(Mark mark, std::size_t i) const {
    return std::atomic_ref<Mark>(table_[mark / bucket % buckets * bucket + i]);
  }

  /// Maps the table when it is first needed. False: it cannot be had.
  bool map() {
    if (tried_) return table_ != nullptr;
    tried_ = true;
    const std::string boot = boot_id(), folder = folder_ + "/checked";
    if (boot.empty()) return false;
    UniqueFd file(::open((folder + "/" + boot).c_str(), O_RDWR | O_CLOEXEC));
    if (!file) file = make(folder, boot);
    if (!file || !take_room(file)) return false;
    void* mapped = ::mmap(nullptr, table_size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (mapped != MAP_FAILED) table_ = static_cast<Mark*>(mapped);
    return table_ != nullptr;
  }

  UniqueFd make(const std::string& folder, const std::string& boot) {
    ::mkdir(folder.c_str(), 0777);
    UniqueFd file(::open((folder + "/" + boot).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (file) forget_old(folder);
    return file;
  }

  /// False when there is too little.
  static bool take_room(const UniqueFd& file) {
    constexpr blkcnt_t block = 512;
    struct stat st {};
    if (::fstat(file.get(), &st) != 0) return false;
    if (st.st_size == static_cast<off_t>(table_size) && st.st_blocks * block >= st.st_size) return true;
    if (::fallocate(file.get(), 0, 0, table_size) == 0) return true;
    return errno == EOPNOTSUPP && ::ftruncate(file.get(), table_size) == 0;
  }

  /// Tables of before the machine was started last. On a shared disk other machines have theirs: only what is old goes.
  static void forget_old(const std::string& folder) try {
    constexpr Micros old = Micros{30} * 24 * 3600 * 1'000'000;
    for (const std::string& name : system_files().list(folder)) {
      auto entry = system_files().info(folder + "/" + name);
      if (entry && entry->modified_us < system_clock().now() - old) system_files().remove(folder + "/" + name);
    }
  } catch (const Error&) {}  // they are only in the way

  std::string folder_;
  bool tried_ = false;
  Mark* table_ = nullptr;
  Own own_;
};

}  // namespace

std::unique_ptr<CheckedBlobs> shared_checked_blobs(const std::string& folder) {
  return std::make_unique<Shared>(folder);
}
std::unique_ptr<CheckedBlobs> own_checked_blobs() { return std::make_unique<Own>(); }

}  // namespace backlot
