#include "backlot/value/pickle_layout.h"

#include "backlot/base/error.h"
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

PickleHead::PickleHead(std::string_view beginning) {
  CborReader in(beginning);
  in.list_of(5);
  preview.type = in.text();
  preview.repr = in.text();
  for (std::uint64_t count = in.list(); count > 0; --count) preview.shape.push_back(in.natural());
  stream_size = in.natural();
  for (std::uint64_t count = in.list(); count > 0; --count) buffer_sizes.push_back(in.natural());
  stream_begin = in.offset();
}

PickleLayout::PickleLayout(std::string_view raw) {
  PickleHead head(raw);
  preview = std::move(head.preview);
  std::uint64_t at = head.stream_begin;
  auto take = [&](std::uint64_t size) {
    if (size > raw.size() - at) throw Error(ErrorCode::corrupt, "a pickle is cut off");
    at += size;
    return raw.substr(at - size, size);
  };
  stream = take(head.stream_size);
  for (std::uint64_t size : head.buffer_sizes) {
    for (char c : take(padding_before(at, size)))
      if (c != 0) throw Error(ErrorCode::corrupt, "a pickle has padding that is not zero");
    buffers.push_back(take(size));
  }
  if (at != raw.size()) throw Error(ErrorCode::corrupt, "there are bytes behind a pickle");
}

}  // namespace backlot
