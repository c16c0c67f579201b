// The raw bytes of a table: a head, then the columns in Arrow's columnar layout, so that numbers are read in place and
// any reader of Arrow takes the buffers as they are (docs/formats/values.md).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/value/raw_value.h"

namespace backlot {

/// The types of a column, in the order of their numbers in the format.
enum class ColumnType : std::uint8_t {
  boolean,  ///< a bit each
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  timestamp,  ///< int64 nanoseconds since 1970, without a zone
  duration,   ///< int64 nanoseconds
  text,       ///< UTF-8 with int64 offsets: Arrow's large_utf8
};
inline constexpr int column_type_count = 14;
/// As pyarrow says it: "bool", "int8", "double", "timestamp[ns]", "large_string".
std::string_view name_of(ColumnType type);
/// How many buffers a column has: validity and values, or validity, offsets and bytes.
std::size_t buffer_count(ColumnType type);

struct ColumnHead {
  std::optional<std::string> name;  ///< only an index may have none
  ColumnType type = ColumnType::boolean;
  std::vector<std::uint64_t> sizes;  ///< of its buffers; validity has none when every cell has a value
  bool operator==(const ColumnHead&) const = default;
};

/// What the rows are called by: nothing, the numbers start, start + step …, or the first column.
struct TableIndex {
  enum class Kind : std::uint8_t { none, range, column };
  Kind kind = Kind::none;
  std::int64_t start = 0, step = 1;  ///< of a range
  std::optional<std::string> name;   ///< of a range
  bool operator==(const TableIndex&) const = default;
};

struct TableHead {
  std::uint64_t rows = 0;
  TableIndex index;
  std::vector<ColumnHead> columns;
  bool operator==(const TableHead&) const = default;
};

/// What goes between and before the parts: `glue[0]`, buffer 0, `glue[1]`, buffer 1 …
std::vector<std::string> table_glue(const TableHead& head);

/// A table's raw bytes, taken apart; views into them.
class TableLayout {
 public:
  /// Checks everything but offsets and texts, which are when a cell is read. Throws Error corrupt.
  explicit TableLayout(std::string_view raw);

  const TableHead& head() const { return head_; }
  std::string_view buffer(std::size_t column, std::size_t i) const { return buffers_[first_[column] + i]; }
  /// A null, bool, int, float or text; a timestamp as RFC 3339 without a zone, a duration as nanoseconds. Throws Error
  /// corrupt. Precondition: the cell exists.
  RawValue cell(std::size_t column, std::uint64_t row) const;

 private:
  void check_column(std::size_t column) const;
  std::string_view text(std::size_t column, std::uint64_t row) const;

  TableHead head_;
  std::vector<std::string_view> buffers_;
  std::vector<std::size_t> first_;  // of each column
};

}  // namespace backlot
