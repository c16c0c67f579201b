// In which order a list is asked for: `sort=took`, or `sort=-took` for the largest first.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/server/http.h"

namespace backlot::server {

struct Sorting {
  std::string by;  ///< empty: as the list is by itself
  bool descending = false;

  explicit operator bool() const { return !by.empty(); }
};

/// The query's `sort`. Throws Error usage when it is none of `names`; without names anything goes.
Sorting sorting_of(const Request& request, const std::vector<std::string_view>& names = {});

/// The indices of `keys` in order; null, which stands for what is not known, comes last whichever way. What is alike
/// keeps its order.
std::vector<std::size_t> sorted_indices(const std::vector<nlohmann::ordered_json>& keys, bool descending);

}  // namespace backlot::server
