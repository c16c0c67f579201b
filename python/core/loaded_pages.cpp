#include "python/core/loaded_pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "backlot/base/unique_fd.h"

namespace backlot::python {
namespace {

/// Which pages of `memory`, a private mapping of a file, are not known to be the file's: a page that was written to is
/// the process's own (Linux, Documentation/admin-guide/mm/pagemap.rst). Empty when all are.
std::vector<bool> written_pages(std::string_view memory) {
  constexpr std::uint64_t present = 1ULL << 63, swapped = 1ULL << 62, of_file = 1ULL << 61;
  constexpr std::size_t at_once = 8192;
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  auto begin = reinterpret_cast<std::uintptr_t>(memory.data());
  const std::uintptr_t first = begin / page, count = (begin + memory.size() + page - 1) / page - first;
  UniqueFd map(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  if (map.get() < 0) return std::vector<bool>(count, true);
  std::vector<std::uint64_t> entries(at_once);
  std::vector<bool> written;
  for (std::uintptr_t done = 0; done < count; done += at_once) {
    std::size_t now = std::min<std::size_t>(at_once, count - done), bytes = now * sizeof entries[0];
    ssize_t size = pread(map.get(), entries.data(), bytes, static_cast<off_t>((first + done) * sizeof entries[0]));
    if (size != static_cast<ssize_t>(bytes)) return std::vector<bool>(count, true);
    for (std::size_t i = 0; i < now; ++i) {
      if (!(entries[i] & (present | swapped)) || (entries[i] & of_file)) continue;
      if (written.empty()) written.resize(count);
      written[done + i] = true;
    }
  }
  return written;
}

}  // namespace

void LoadedPages::add(std::string_view part, const Reference& reference, std::size_t number,
                      std::shared_ptr<const void> owner) {
  parts_.push_back({part, reference, number, std::move(owner)});
}

LoadedPages::Found LoadedPages::find(std::string_view memory, std::size_t number) const {
  for (const Part& part : parts_) {
    bool same = part.memory.data() == memory.data() && part.memory.size() == memory.size() && part.number == number;
    if (same) return {&part.reference, written_pages(memory)};
  }
  return {};
}

}  // namespace backlot::python
