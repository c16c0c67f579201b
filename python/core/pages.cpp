#include "python/core/pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>

#include "backlot/base/unique_fd.h"

namespace backlot::python {
namespace {

/// True unless every page of `memory`, a private mapping of a file, is known to be the file's: a page that was written
/// to is the process's own (Linux, Documentation/admin-guide/mm/pagemap.rst).
bool is_written(std::string_view memory) {
  constexpr std::uint64_t present = 1ULL << 63, swapped = 1ULL << 62, of_file = 1ULL << 61;
  constexpr std::size_t at_once = 8192;
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  UniqueFd map(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  if (map.get() < 0) return true;
  auto begin = reinterpret_cast<std::uintptr_t>(memory.data());
  std::uintptr_t first = begin / page, end = (begin + memory.size() + page - 1) / page;
  std::vector<std::uint64_t> entries(at_once);
  while (first < end) {
    std::size_t count = std::min<std::size_t>(at_once, end - first);
    ssize_t size =
        pread(map.get(), entries.data(), count * sizeof entries[0], static_cast<off_t>(first * sizeof entries[0]));
    if (size != static_cast<ssize_t>(count * sizeof entries[0])) return true;
    for (std::size_t i = 0; i < count; ++i)
      if ((entries[i] & (present | swapped)) && !(entries[i] & of_file)) return true;
    first += count;
  }
  return false;
}

}  // namespace

void LoadedPages::add(std::string_view part, const Reference& reference, std::size_t number,
                      std::shared_ptr<const void> owner) {
  parts_.push_back({part, reference, number, std::move(owner)});
}

const Reference* LoadedPages::unchanged(std::string_view memory, std::size_t number) const {
  for (const Part& part : parts_) {
    bool same = part.memory.data() == memory.data() && part.memory.size() == memory.size() && part.number == number;
    if (same) return is_written(memory) ? nullptr : &part.reference;
  }
  return nullptr;
}

}  // namespace backlot::python
