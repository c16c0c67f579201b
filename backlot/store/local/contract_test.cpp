// The store in a folder does what every store must: on a real disk, and on the simulator's, which loses power.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "backlot/base/test_memory_files.h"
#include "backlot/store/local/local_store.h"
#include "backlot/store/test_store_contract.h"

namespace backlot {
namespace {

std::string path_in(const std::string& store, const Digest& id) {
  return store + "/blobs/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
}

void flip_last_bit(Files& files, const std::string& path) {
  auto file = files.open(path, OpenMode::write);
  std::string last = file->read(file->size() - 1, 1);
  last[0] = static_cast<char>(last[0] ^ 4);
  file->write(file->size() - 1, last);
}

class OnDisk : public StorePlace {
 public:
  OnDisk() {
    std::string name = testing::TempDir() + "store_contract.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw_system_error("mkdtemp");
    folder_ = name;
  }
  ~OnDisk() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<BlobStore> open() override { return open_local_store(system_files(), system_clock(), folder_); }
  Micros now() override { return system_clock().now(); }
  void pass(Micros time) override {
    for (auto& entry : std::filesystem::recursive_directory_iterator(folder_))
      if (entry.is_regular_file())
        std::filesystem::last_write_time(entry, entry.last_write_time() - std::chrono::microseconds(time));
  }
  void damage(const Digest& id) override { flip_last_bit(system_files(), path_in(folder_, id)); }

 private:
  std::string folder_;
};

/// Time that stands still until it is told to go on.
class StandingClock : public Clock {
 public:
  Micros now() override { return time; }
  std::chrono::nanoseconds monotonic() override { return std::chrono::microseconds(time); }
  std::atomic<Micros> time{Micros{1} << 50};
};

class InMemory : public StorePlace {
 public:
  InMemory() {
    open();
    files_.sync_directory("/");
  }
  std::unique_ptr<BlobStore> open() override {
    return open_local_store(files_, clock_, "/home/store", {Verify::always, nullptr});
  }
  Micros now() override { return clock_.now(); }
  void pass(Micros time) override { clock_.time += time; }
  void damage(const Digest& id) override { flip_last_bit(files_, path_in("/home/store", id)); }
  std::uint64_t operations() override { return files_.operations(); }
  void power_off_after(std::uint64_t operations) override { files_.power_off_after(operations); }
  void lose_power(std::uint64_t seed) override { files_.crash(seed); }

 private:
  StandingClock clock_;
  MemoryFiles files_{clock_};
};

template <class Place>
std::unique_ptr<StorePlace> make() {
  return std::make_unique<Place>();
}
const auto places = testing::Values(&make<OnDisk>, &make<InMemory>);

INSTANTIATE_TEST_SUITE_P(Local, BlobsContract, places);
INSTANTIATE_TEST_SUITE_P(Local, BlobTrashContract, places);
INSTANTIATE_TEST_SUITE_P(Local, BlobDurabilityContract, testing::Values(&make<InMemory>));

}  // namespace
}  // namespace backlot
