#include "backlot/value/pickle_layout.h"

#include "backlot/value/cbor.h"
#include "backlot/value/reference.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

std::uint64_t padding_before(std::uint64_t at, std::uint64_t size) {
  const std::uint64_t unit = size >= packed_value_limit ? 4096 : 8;
  return (unit - at % unit) % unit;
}

std::string bounded(std::string_view text) {
  std::string repaired = repaired_utf8(text.substr(0, 2 * preview_limit));
  return std::string(utf8_prefix(repaired, preview_limit));
}

}  // namespace

std::vector<std::string> pickle_glue(const PicklePreview& preview, std::uint64_t stream_size,
                                     const std::vector<std::uint64_t>& buffer_sizes) {
  std::string head;
  CborWriter out(head);
  out.list(5);
  out.text(bounded(preview.type));
  out.text(bounded(preview.repr));
  out.list(preview.shape.size());
  for (std::uint64_t n : preview.shape) out.natural(n);
  out.natural(stream_size);
  out.list(buffer_sizes.size());
  for (std::uint64_t n : buffer_sizes) out.natural(n);
  std::vector<std::string> glue{std::move(head)};
  std::uint64_t at = glue[0].size() + stream_size;
  for (std::uint64_t size : buffer_sizes) {
    glue.emplace_back(padding_before(at, size), '\0');
    at += glue.back().size() + size;
  }
  return glue;
}

PickleLayout::PickleLayout(std::string_view raw) {
  CborReader in(raw);
  in.list_of(5);
  preview.type = in.text();
  preview.repr = in.text();
  for (std::uint64_t count = in.list(); count > 0; --count) preview.shape.push_back(in.natural());
  const std::uint64_t stream_size = in.natural();
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t count = in.list(); count > 0; --count) sizes.push_back(in.natural());
  std::uint64_t at = in.offset();
  auto take = [&](std::uint64_t size) {
    if (size > raw.size() - at) in.fail("a pickle is cut off");
    at += size;
    return raw.substr(at - size, size);
  };
  stream = take(stream_size);
  for (std::uint64_t size : sizes) {
    for (char c : take(padding_before(at, size)))
      if (c != 0) in.fail("padding that is not zero");
    buffers.push_back(take(size));
  }
  if (at != raw.size()) in.fail("bytes behind a pickle");
}

}  // namespace backlot
