#include "backlot/value/pickle_layout.h"

#include "backlot/base/error.h"
#include "backlot/value/buffer_layout.h"
#include "backlot/value/cbor.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

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
  for (std::string& zeros : padding_of(glue[0].size() + stream_size, buffer_sizes)) glue.push_back(std::move(zeros));
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
  if (head.stream_size > raw.size() - head.stream_begin) throw Error(ErrorCode::corrupt, "a pickle is cut off");
  stream = raw.substr(head.stream_begin, head.stream_size);
  buffers = buffers_of(raw, head.stream_begin + head.stream_size, head.buffer_sizes, "pickle");
}

}  // namespace backlot
