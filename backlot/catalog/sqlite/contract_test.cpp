// The catalog in a SQLite file does what every catalog must: on a real disk, and on the simulator's, which loses power.
#include "backlot/base/test_memory_files.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/test_catalog_contract.h"
#include "backlot/sql/files_vfs.h"

namespace backlot {
namespace {

class OnDisk : public CatalogPlace {
 public:
  std::unique_ptr<Catalog> open() override { return open_sqlite_catalog(folder_.file()); }

 private:
  TestFolder folder_;
};

class InMemory : public CatalogPlace {
 public:
  std::unique_ptr<Catalog> open() override { return open_sqlite_catalog("/home/catalog", vfs_.name()); }
  void lose_power() override {
    files_.crash(7);
    vfs_.forget();
  }

 private:
  MemoryFiles files_;
  FilesVfs vfs_{"contract" + std::to_string(++made_), files_};
  static inline int made_ = 0;  // a VFS has a name of its own
};

template <class Place>
std::unique_ptr<CatalogPlace> make() {
  return std::make_unique<Place>();
}
const auto places = testing::Values(&make<OnDisk>, &make<InMemory>);

INSTANTIATE_TEST_SUITE_P(Sqlite, RunsContract, places);
INSTANTIATE_TEST_SUITE_P(Sqlite, PinsContract, places);
INSTANTIATE_TEST_SUITE_P(Sqlite, TasksContract, places);
INSTANTIATE_TEST_SUITE_P(Sqlite, ClonesContract, places);
INSTANTIATE_TEST_SUITE_P(Sqlite, DurabilityContract, testing::Values(&make<InMemory>));

}  // namespace
}  // namespace backlot
