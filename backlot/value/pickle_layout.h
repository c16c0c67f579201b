// The raw bytes of a pickle: a head with a bounded preview for people, the stream of Python's pickle protocol 5, and
// the buffers it keeps out of band (docs/formats/values.md). Nothing here runs a pickle.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// What people are shown of an object that only Python can load. Texts are cut to preview_limit bytes.
struct PicklePreview {
  std::string type;                  ///< "pandas.core.frame.DataFrame"
  std::string repr;                  ///< its beginning; empty: not known
  std::vector<std::uint64_t> shape;  ///< of what has one
  bool operator==(const PicklePreview&) const = default;
};
inline constexpr std::size_t preview_limit = 1024;

/// What goes between and before the parts: `glue[0]`, stream, `glue[1]`, buffer 0, `glue[2]`, buffer 1 … Buffers of
/// packed_value_limit bytes and more begin at a multiple of 4096, others at a multiple of 8.
std::vector<std::string> pickle_glue(const PicklePreview& preview, std::uint64_t stream_size,
                                     const std::vector<std::uint64_t>& buffer_sizes);

/// What a pickle's raw bytes begin with.
struct PickleHead {
  PicklePreview preview;
  std::uint64_t stream_begin = 0, stream_size = 0;
  std::vector<std::uint64_t> buffer_sizes;

  /// `beginning`: the raw bytes, or as many of their first ones as reach to the stream. Throws Error corrupt.
  explicit PickleHead(std::string_view beginning);
};

/// A pickle's raw bytes, taken apart; views into them.
struct PickleLayout {
  PicklePreview preview;
  std::string_view stream;
  std::vector<std::string_view> buffers;

  /// Throws Error corrupt.
  explicit PickleLayout(std::string_view raw);
};

}  // namespace backlot
