#include "backlot/store/local/local_store.h"

// The store in a folder (docs/formats/blob.md):
//   format                  "backlot store 2 sha256\n"
//   blobs/<2 hex>/<62 hex>  one file a blob; all 256 directories exist from the beginning
//   trash/<64 hex>          discarded blobs, until empty_trash
//   damaged/<64 hex>        blobs that were set aside, until empty_trash
//   tmp/                    where unnamed files are made; on some file systems they have names there
//   gc.lock                 held by whoever discards
//   checked/<boot id>       which blobs need no check any more (checked_blobs.h)
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

#include "backlot/base/copy_file.h"
#include "backlot/base/error.h"
#include "backlot/store/blob_file.h"

namespace backlot {
namespace {

/// Names the algorithm of the blobs' names; the first version did not, and is the same otherwise.
constexpr std::string_view format_prefix = "backlot store ", format_text = "backlot store 2 sha256\n",
                           first_format_text = "backlot store 1\n";

std::string two_hex(int number) {
  static constexpr char digits[] = "0123456789abcdef";
  return {digits[number >> 4], digits[number & 15]};
}

/// Runs the action; false when it failed because something does not exist.
template <class Action>
bool unless_absent(Action action) {
  try {
    action();
    return true;
  } catch (const Error& e) {
    if (e.code() != ErrorCode::not_found) throw;
    return false;
  }
}

/// Runs the action; its errors name the blob, and what to do about a damaged one.
template <class Action>
auto naming(const Digest& id, Action action) {
  try {
    return action();
  } catch (const Error& e) {
    const bool damaged = e.code() == ErrorCode::corrupt && e.hint().empty();
    const Error told = damaged ? Error(e.code(), e.message(), "see `backlot fsck --repair`").in(e.context()) : e;
    throw told.in("blob " + id.hex());
  }
}

// Collection and writers. Only a collector (one at a time: gc.lock) moves a blob to the trash or deletes it there.
// A writer that needs an old blob touches it. Should the collector have moved it a moment earlier, the touch fails and
// the writer takes the blob back; should it be moving it just now, it finds the new time afterwards and puts it back,
// and whoever looks for the blob meanwhile does so in its stead.
class LocalStore : public BlobStore {
 public:
  LocalStore(Files& files, Clock& clock, std::string folder, BlobChecks checks)
      : files_(files), clock_(clock), folder_(std::move(folder)), checks_(std::move(checks)) {
    found();
  }

  std::shared_ptr<const Mapping> open(const Digest& id) override {
    return naming(id, [&] {
      std::unique_ptr<File> file = existing(id);
      FileStamp stamp{};
      bool was_checked = true;
      auto needs_check = [&] {
        if (checks_.when == Verify::never) return false;
        stamp = file->stamp();  // as it was before the check
        was_checked = checks_.when == Verify::first && checks_.checked->contains(id, stamp);
        return !was_checked;
      };
      std::shared_ptr<const Mapping> bytes = open_blob(*file, id, needs_check);
      if (!was_checked && checks_.when == Verify::first) checks_.checked->add(id, stamp);
      return bytes;
    });
  }

  Digest put(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>& refers_to) override {
    return put(describe_blob(type, pieces, refers_to), pieces);
  }

  Digest put_changed(TypeTag type, const std::vector<std::string_view>& pieces, const SameChunks& known) override {
    std::unique_ptr<File> file = open_present(known.as);
    if (!file) return put(type, pieces, {});
    BlobHeader before = naming(known.as, [&] { return read_blob_header(*file, known.as); });
    bool fits = before.type == type && before.raw_size == total_size(pieces) && before.refers_to.empty() &&
                before.chunks.size() == known.same.size();
    return fits ? put(describe_changed_blob(before, known.same, pieces), pieces) : put(type, pieces, {});
  }

  void sync_names(const std::vector<Digest>& ids) override {
    std::set<std::string> directories;
    for (const Digest& id : ids) {
      naming(id, [&] {
        if (!find(id)) throw missing();
      });
      directories.insert(directory_of(id));
    }
    for (const std::string& directory : directories) files_.sync_directory(directory);
  }

  std::optional<BlobInfo> info(const Digest& id) override {
    std::unique_ptr<File> file = open_present(id);
    std::optional<FileInfo> entry = files_.info(path_of(id));
    if (!file || !entry) return std::nullopt;
    BlobHeader header = naming(id, [&] { return read_blob_header(*file, id); });
    return BlobInfo{
        id, header.type, header.raw_size, header.stored_size(), entry->modified_us, std::move(header.refers_to)};
  }

  void each(const std::function<void(const Digest&)>& visit) override {
    for (int i = 0; i < 256; ++i) {
      for (const std::string& name : files_.list(folder_ + "/blobs/" + two_hex(i))) {
        if (name.starts_with('.')) continue;  // network file systems and desktops leave such files
        std::optional<Digest> id = Digest::from_hex(two_hex(i) + name);
        if (!id) {
          throw Error(ErrorCode::invalid, folder_ + "/blobs/" + two_hex(i) + "/" + name + " is not a blob",
                      "move it out of the store");
        }
        visit(*id);
      }
    }
  }

  void each_chunk(const Digest& id, const std::function<void(std::string_view raw)>& visit) override {
    naming(id, [&] { backlot::each_chunk(*existing(id), id, visit); });
  }

  void verify(const Digest& id) override {
    naming(id, [&] { verify_blob(*existing(id), id); });
  }

  bool give(const Digest& id, const std::string& other_folder) override {
    const std::string target = path_of(other_folder, id);
    std::unique_ptr<File> file = naming(id, [&] { return existing(id); });
    const bool is_known = knows(id, *file);
    if (auto there = files_.info(target); there && there->size == file->size()) return false;
    naming(id, [&] { copy_file(path_of(id), target, MayShare::yes); });
    if (is_known) note_checked(id, *file);  // a second name is a change of the file, but not of its bytes
    return true;
  }

  bool set_aside(const Digest& id) override {
    std::unique_ptr<FileLock> lock = lock_collection();
    const std::string damaged = folder_ + "/damaged/" + id.hex();
    files_.make_directories(folder_ + "/damaged");
    if (!unless_absent([&] { files_.rename(path_of(id), damaged); })) return false;
    return touch_present(damaged);
  }

  bool discard(const Digest& id, Micros older_than) override {
    std::unique_ptr<FileLock> lock = lock_collection();
    std::optional<FileInfo> before = files_.info(path_of(id));
    if (!before || before->modified_us >= older_than) return false;
    files_.rename(path_of(id), trash_of(id));
    std::optional<FileInfo> after = files_.info(trash_of(id));
    if (!after) return false;
    if (after->modified_us >= older_than) {
      restore(id);
      return false;
    }
    return touch_present(trash_of(id));  // from now on its time says since when it has been in the trash
  }

  bool restore(const Digest& id) override {
    // Touched first: under its name it must never look old, or the collector would take it at once.
    if (!touch_present(trash_of(id))) return false;
    if (!unless_absent([&] { files_.rename(trash_of(id), path_of(id)); })) return false;
    files_.sync_directory(directory_of(id));
    return true;
  }

  std::uint64_t empty_trash(Micros older_than) override {
    std::unique_ptr<FileLock> lock = lock_collection();
    constexpr Micros hour = 3'600'000'000;  // whoever writes a temporary file has written to it since
    return remove_files("/trash", older_than) + remove_files("/damaged", older_than) +
           remove_files("/tmp", std::min(older_than, clock_.now() - hour));
  }

 private:
  Digest put(BlobHeader header, const Pieces& pieces) {
    const Digest id = header.identity();
    naming(id, [&] {
      std::unique_ptr<File> there = open_if_there(path_of(id));
      const bool is_known = there && knows(id, *there);  // before its time changes
      const bool present = there ? use_present(id, [&] { return touch(path_of(id)); }) : refresh(id);
      if (present && is_sound(id, std::move(there), is_known ? nullptr : &pieces)) return;
      std::unique_ptr<File> file = files_.create_unnamed(folder_ + "/tmp");
      write_blob(*file, std::move(header), pieces);
      if (present) {
        replace(*file, id);
      } else if (!publish(*file, id)) {
        return;
      }
      note_checked(id, *file);
    });
    return id;
  }

  std::string directory_of(const Digest& id) const { return folder_ + "/blobs/" + id.hex().substr(0, 2); }
  std::string path_of(const Digest& id) const { return path_of(folder_, id); }
  static std::string path_of(const std::string& folder, const Digest& id) {
    return folder + "/blobs/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
  }
  std::string trash_of(const Digest& id) const { return folder_ + "/trash/" + id.hex(); }

  Error missing() const {
    return {ErrorCode::not_found, "it is missing from " + folder_, "`backlot fsck` lists what needs it"};
  }

  /// Makes the folder a store, or checks that it is one.
  void found() {
    if (!check_format()) {
      make_directories();
      std::unique_ptr<File> format = files_.create_unnamed(folder_ + "/tmp");
      format->write(0, format_text);
      format->sync();
      files_.publish(*format, folder_ + "/format");  // if not we, another process has just done so
      files_.sync_directory(folder_);
      check_format();
    }
  }

  /// False when there is no format file.
  bool check_format() {
    std::string text;
    if (!unless_absent([&] { text = files_.open(folder_ + "/format", OpenMode::read)->read(0, 64); })) return false;
    if (text == format_text || text == first_format_text) return true;
    if (!text.starts_with(format_prefix)) throw Error(ErrorCode::corrupt, folder_ + "/format is damaged");
    text = text.substr(format_prefix.size(), text.find('\n') - format_prefix.size());
    throw Error(
        ErrorCode::newer_format,
        "the store in " + folder_ + " was made by a newer backlot (format " + text + ", this one knows 2 sha256)",
        "upgrade backlot");
  }

  /// Every directory, durable: whoever finds the format file later need sync only the directories of its blobs.
  void make_directories() {
    std::vector<std::string> with_new_entries;
    for (std::string path = folder_; !files_.info(path);) {
      std::size_t slash = path.find_last_of('/');
      path = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
      with_new_entries.push_back(path);
    }
    for (int i = 0; i < 256; ++i) files_.make_directories(folder_ + "/blobs/" + two_hex(i));
    files_.make_directories(folder_ + "/trash");
    files_.make_directories(folder_ + "/tmp");
    files_.sync_directory(folder_ + "/blobs");
    files_.sync_directory(folder_);
    for (const std::string& path : with_new_entries) files_.sync_directory(path);
  }

  std::unique_ptr<FileLock> lock_collection() {
    if (auto lock = files_.try_lock(folder_ + "/gc.lock")) return lock;
    throw Error(ErrorCode::conflict, "something else is collecting garbage in " + folder_, "try again when it is done");
  }

  /// Returns their bytes.
  std::uint64_t remove_files(const char* directory, Micros older_than) {
    std::uint64_t freed = 0;
    for (const std::string& name : files_.list(folder_ + directory)) {
      std::string path = folder_ + directory + "/" + name;
      std::optional<FileInfo> entry = files_.info(path);
      if (!entry || entry->modified_us >= older_than) continue;
      if (files_.remove(path)) freed += entry->size;
    }
    return freed;
  }

  bool touch(const std::string& path) {
    return unless_absent([&] { files_.touch(path); });
  }
  /// The same, quicker where there is most often no file.
  bool touch_present(const std::string& path) { return files_.info(path) && touch(path); }

  /// Uses a blob by `use`, which returns false where it finds none; takes it out of the trash if need be. Collectors
  /// and other writers may move it back and forth meanwhile: only what is looked for in vain again and again is absent.
  bool use_present(const Digest& id, const std::function<bool()>& use) {
    constexpr int vain_looks = 4, looks = 100;
    for (int vain = 0, i = 0; vain < vain_looks && i < looks; ++i) {
      if (use() || (restore(id) && use())) return true;
      vain = files_.info(trash_of(id)) ? 0 : vain + 1;
    }
    return false;
  }

  /// Makes an existing blob young; false when it does not exist.
  bool refresh(const Digest& id) {
    return use_present(id, [&] { return touch_present(path_of(id)); });
  }

  bool find(const Digest& id) {
    return use_present(id, [&] { return files_.info(path_of(id)).has_value(); });
  }

  /// Empty when there is no file.
  std::unique_ptr<File> open_if_there(const std::string& path) {
    std::unique_ptr<File> file;
    if (files_.info(path)) unless_absent([&] { file = files_.open(path, OpenMode::read); });
    return file;
  }

  /// Empty when it does not exist.
  std::unique_ptr<File> open_present(const Digest& id) {
    std::unique_ptr<File> file;
    use_present(id, [&] { return unless_absent([&] { file = files_.open(path_of(id), OpenMode::read); }); });
    return file;
  }

  std::unique_ptr<File> existing(const Digest& id) {
    std::unique_ptr<File> file = open_present(id);
    if (!file) throw missing();
    return file;
  }

  /// Whether the blob as it lies there was checked since the machine was started.
  bool knows(const Digest& id, File& file) {
    return checks_.when == Verify::first && checks_.checked->contains(id, file.stamp());
  }

  void note_checked(const Digest& id, File& file) {
    if (checks_.when == Verify::first) checks_.checked->add(id, file.stamp());
  }

  /// Looks at the header, and unless told that the rest was checked compares it with the `value` that a writer holds.
  /// `file`: the blob, where it is open already.
  bool is_sound(const Digest& id, std::unique_ptr<File> file, const Pieces* value) {
    try {
      if (!file) file = existing(id);
      if (!value || checks_.when == Verify::never)
        read_blob_header(*file, id);
      else if (!holds(*file, id, *value))
        return false;
      note_checked(id, *file);
      return true;
    } catch (const Error& e) {
      if (e.code() != ErrorCode::corrupt && e.code() != ErrorCode::not_found) throw;
      return false;
    }
  }

  /// False when somebody was quicker: their blob is as good, unless it has been deleted since.
  bool publish(File& file, const Digest& id) {
    constexpr int attempts = 100;
    for (int i = 0; i < attempts; ++i) {
      if (files_.publish(file, path_of(id))) return true;
      if (refresh(id)) return false;
    }
    throw Error(ErrorCode::io, path_of(id) + " can be neither made nor used", "look what it is, and remove it");
  }

  /// Puts the file in the place of a damaged blob, in one step: others may be doing the same.
  void replace(File& file, const Digest& id) {
    std::string stem = folder_ + "/tmp/" + id.hex() + ".", path;
    int i = 0;
    do path = stem + std::to_string(i++);
    while (!files_.publish(file, path));
    files_.rename(path, path_of(id));
  }

  Files& files_;
  Clock& clock_;
  std::string folder_;
  BlobChecks checks_;
};

Verify chosen_verify() {
  const char* text = std::getenv("BACKLOT_VERIFY");
  if (!text || !*text || std::string_view(text) == "first") return Verify::first;
  if (std::string_view(text) == "always") return Verify::always;
  if (std::string_view(text) == "never") return Verify::never;
  throw Error(ErrorCode::usage, "invalid value '" + std::string(text) + "' for BACKLOT_VERIFY",
              "set it to first, always or never");
}

}  // namespace

std::unique_ptr<BlobStore> open_local_store(Files& files, Clock& clock, const std::string& folder) {
  return open_local_store(files, clock, folder, {chosen_verify(), shared_checked_blobs(folder)});
}

std::unique_ptr<BlobStore> open_local_store(Files& files, Clock& clock, const std::string& folder, BlobChecks checks) {
  return std::make_unique<LocalStore>(files, clock, folder, std::move(checks));
}

}  // namespace backlot
