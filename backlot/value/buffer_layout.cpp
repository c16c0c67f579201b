#include "backlot/value/buffer_layout.h"

#include "backlot/base/error.h"
#include "backlot/value/reference.h"

namespace backlot {
namespace {

std::uint64_t padding_before(std::uint64_t at, std::uint64_t size) {
  const std::uint64_t unit = size >= packed_value_limit ? 4096 : 8;
  return (unit - at % unit) % unit;
}

}  // namespace

std::vector<std::string> padding_of(std::uint64_t begin, const std::vector<std::uint64_t>& sizes) {
  std::vector<std::string> padding;
  for (std::uint64_t size : sizes) {
    padding.emplace_back(padding_before(begin, size), '\0');
    begin += padding.back().size() + size;
  }
  return padding;
}

std::vector<std::string_view> buffers_of(std::string_view raw, std::uint64_t begin,
                                         const std::vector<std::uint64_t>& sizes, const char* what) {
  auto corrupt = [&](const char* how) { return Error(ErrorCode::corrupt, std::string("a ") + what + " " + how); };
  auto take = [&](std::uint64_t size) {
    if (begin > raw.size() || size > raw.size() - begin) throw corrupt("is cut off");
    begin += size;
    return raw.substr(begin - size, size);
  };
  std::vector<std::string_view> buffers;
  for (std::uint64_t size : sizes) {
    for (char c : take(padding_before(begin, size)))
      if (c != 0) throw corrupt("has padding that is not zero");
    buffers.push_back(take(size));
  }
  if (begin != raw.size()) throw corrupt("has bytes behind it");
  return buffers;
}

}  // namespace backlot
