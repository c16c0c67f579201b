#include "backlot/sql/damaged_pages.h"

#include "backlot/sql/page_guard.h"

namespace backlot {

std::vector<std::int64_t> damaged_pages_in(Files& files, const std::string& path) {
  constexpr std::uint64_t page_size_at = 16, reserve_at = 20;
  std::unique_ptr<File> file = files.open(path, OpenMode::read);
  const std::string head = file->read(0, 100);
  if (head.size() < 100 || head[reserve_at] != page_reserve) return {};
  auto byte = [&](std::uint64_t at) { return static_cast<std::uint64_t>(static_cast<unsigned char>(head[at])); };
  const std::uint64_t size = byte(page_size_at) << 8 | byte(page_size_at + 1);
  if (size < 512 || (size & (size - 1)) != 0) return {1};
  std::vector<std::int64_t> found;
  for (std::uint64_t at = 0, end = file->size(); at < end; at += size) {
    std::string page = file->read(at, size);
    if (page.size() == size && state_of_page(reinterpret_cast<const unsigned char*>(page.data()),
                                             static_cast<int>(size)) == PageState::damaged)
      found.push_back(static_cast<std::int64_t>(at / size) + 1);
  }
  return found;
}

}  // namespace backlot
