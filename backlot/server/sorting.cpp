#include "backlot/server/sorting.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace backlot::server {

Sorting sorting_of(const Request& request, const std::vector<std::string_view>& names) {
  Sorting sorting;
  sorting.by = request.text("sort");
  sorting.descending = sorting.by.starts_with('-');
  if (sorting.descending) sorting.by.erase(0, 1);
  if (sorting.by.empty() || names.empty() || std::find(names.begin(), names.end(), sorting.by) != names.end())
    return sorting;
  std::string known;
  for (std::string_view name : names) known.append(known.empty() ? "" : ", ").append(name);
  throw Error(ErrorCode::usage, "there is nothing called \"" + sorting.by + "\" to sort by", known);
}

std::vector<std::size_t> sorted_indices(const std::vector<nlohmann::ordered_json>& keys, bool descending) {
  std::vector<std::size_t> indices(keys.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::stable_sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) {
    const auto &left = keys[a], &right = keys[b];
    if (left.is_null() || right.is_null()) return !left.is_null() && right.is_null();
    return descending ? right < left : left < right;
  });
  return indices;
}

}  // namespace backlot::server
