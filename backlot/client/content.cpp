#include "backlot/client/content.h"

#include "backlot/base/error.h"
#include "backlot/value/cbor.h"
#include "backlot/value/npy.h"
#include "backlot/value/pickle_layout.h"

namespace backlot::client {
namespace {

/// How raw bytes become content: `skip` of them go, `instead` comes.
struct Beginning {
  std::size_t skip = 0;
  std::string instead;
  bool executable = false;
};

/// The size of the head of a CBOR text or byte string that takes the first `size` bytes of an item, no more, no less.
std::size_t head_size(std::string_view item, std::uint64_t size, bool is_text) {
  for (std::uint64_t head : {1, 2, 3, 5, 9}) {
    if (head > size) break;
    std::string expected;
    CborWriter out(expected);
    is_text ? out.text_head(size - head) : out.bytes_head(size - head);
    if (expected.size() == head && item.starts_with(expected)) return head;
  }
  throw Error(ErrorCode::corrupt, "its content is not as long as its head says", "run `backlot fsck`");
}

/// Of a file: [name, executable, bytes].
Beginning file_beginning(std::string_view first, std::uint64_t size) {
  CborReader in(first);
  Beginning beginning;
  in.list_of(3);
  in.text();
  beginning.executable = in.boolean();
  beginning.skip = in.offset() + head_size(first.substr(in.offset()), size - in.offset(), false);
  return beginning;
}

/// A pickle that needs nothing but its stream is a file that Python's pickle reads.
Beginning pickle_beginning(std::string_view first) {
  PickleHead head(first);
  if (!head.buffer_sizes.empty())
    throw Error(ErrorCode::unsupported, "it is a Python object whose arrays are kept beside it",
                "load it in Python: backlot.client.Task(…).data");
  return {head.stream_begin, {}};
}

/// `first`: the first of the raw bytes, at least as far as the content begins; `size`: of all of them.
Beginning beginning_of(TypeTag type, std::string_view first, std::uint64_t size) {
  switch (type) {
    case TypeTag::text: return {head_size(first, size, true), {}};
    case TypeTag::bytes: return {head_size(first, size, false), {}};
    case TypeTag::file: return file_beginning(first, size);
    case TypeTag::tensor: {
      TensorHead head(first, size);
      return {head.data_begin, npy_head(head.dtype, head.shape)};
    }
    case TypeTag::pickle: return pickle_beginning(first);
    default: return {};
  }
}

void each_raw_piece(const Reference& value, BlobStore& store, const std::function<void(std::string_view)>& visit) {
  if (value.place == Reference::Place::blob) return store.each_chunk(value.id, visit);
  ValueLoader loader(store);
  visit(loader.raw(value).bytes);
}

}  // namespace

bool has_content(TypeTag type) {
  return type == TypeTag::text || type == TypeTag::bytes || type == TypeTag::file || type == TypeTag::pickle ||
         type == TypeTag::tensor;
}

bool each_piece(const Reference& value, BlobStore& store, const std::function<void(std::string_view)>& visit) {
  bool first = true, executable = false;
  each_raw_piece(value, store, [&](std::string_view piece) {
    if (first) {
      Beginning beginning = beginning_of(value.type, piece, value.size);
      executable = beginning.executable;
      if (!beginning.instead.empty()) visit(beginning.instead);
      piece.remove_prefix(beginning.skip);
      first = false;
    }
    if (!piece.empty()) visit(piece);
  });
  return executable;
}

}  // namespace backlot::client
