#include "backlot/value/table_layout.h"

#include <cstdio>
#include <cstring>
#include <ctime>
#include <limits>

#include "backlot/base/error.h"
#include "backlot/value/buffer_layout.h"
#include "backlot/value/cbor.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

struct TypeInfo {
  std::string_view name;
  std::uint64_t bits;  ///< of a value; 0 for texts
};
constexpr TypeInfo types[column_type_count] = {
    {"bool", 1},    {"int8", 8},           {"int16", 16},        {"int32", 32},      {"int64", 64},
    {"uint8", 8},   {"uint16", 16},        {"uint32", 32},       {"uint64", 64},     {"float", 32},
    {"double", 64}, {"timestamp[ns]", 64}, {"duration[ns]", 64}, {"large_string", 0}};

[[noreturn]] void table_is_corrupt(const std::string& what) { throw Error(ErrorCode::corrupt, "table: " + what); }

std::uint64_t bits_of(ColumnType type) { return types[static_cast<int>(type)].bits; }

ColumnType type_named(std::string_view name) {
  for (int i = 0; i < column_type_count; ++i)
    if (types[i].name == name) return static_cast<ColumnType>(i);
  table_is_corrupt("a column of the unknown type '" + std::string(name) + "'");
}

void write_name(CborWriter& out, const std::optional<std::string>& name) { name ? out.text(*name) : out.null(); }

std::optional<std::string> read_name(CborReader& in) {
  if (in.next_type() == CborType::text) return std::string(in.text());
  in.null();
  return std::nullopt;
}

bool bit(std::string_view bits, std::uint64_t i) { return (static_cast<unsigned char>(bits[i / 8]) >> (i % 8)) & 1; }

/// One table has one encoding: what lies beyond the last row is zero.
void check_bits(std::string_view bits, std::uint64_t rows) {
  if (bits.size() != (rows + 7) / 8) table_is_corrupt("a bitmap is not as long as the table");
  if (rows % 8 && static_cast<unsigned char>(bits.back()) >> (rows % 8))
    table_is_corrupt("a bitmap goes on behind the last row");
}

template <class T>
T value_at(std::string_view values, std::uint64_t i) {
  T value;
  std::memcpy(&value, values.data() + i * sizeof value, sizeof value);
  return value;
}

/// "2026-11-26T15:55:10.123456789"; zeros at the end of the fraction are left out.
std::string time_text(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  std::int64_t fraction = nanoseconds % second;
  if (fraction < 0) fraction += second;
  auto seconds = static_cast<std::time_t>((nanoseconds - fraction) / second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  if (fraction) {
    size += static_cast<std::size_t>(
        std::snprintf(text + size, sizeof text - size, ".%09lld", static_cast<long long>(fraction)));
    while (text[size - 1] == '0') --size;
  }
  return std::string(text, size);
}

TypeTag write_cell(CborWriter& out, ColumnType type, std::string_view values, std::uint64_t i) {
  switch (type) {
    case ColumnType::boolean: out.boolean(bit(values, i)); return TypeTag::boolean;
    case ColumnType::int8: out.integer(value_at<std::int8_t>(values, i)); return TypeTag::integer;
    case ColumnType::int16: out.integer(value_at<std::int16_t>(values, i)); return TypeTag::integer;
    case ColumnType::int32: out.integer(value_at<std::int32_t>(values, i)); return TypeTag::integer;
    case ColumnType::int64:
    case ColumnType::duration: out.integer(value_at<std::int64_t>(values, i)); return TypeTag::integer;
    case ColumnType::uint8: out.natural(value_at<std::uint8_t>(values, i)); return TypeTag::integer;
    case ColumnType::uint16: out.natural(value_at<std::uint16_t>(values, i)); return TypeTag::integer;
    case ColumnType::uint32: out.natural(value_at<std::uint32_t>(values, i)); return TypeTag::integer;
    case ColumnType::uint64: out.natural(value_at<std::uint64_t>(values, i)); return TypeTag::integer;
    case ColumnType::float32: out.real(value_at<float>(values, i)); return TypeTag::real;
    case ColumnType::float64: out.real(value_at<double>(values, i)); return TypeTag::real;
    case ColumnType::timestamp: out.text(time_text(value_at<std::int64_t>(values, i))); return TypeTag::text;
    case ColumnType::text: break;
  }
  throw Error(ErrorCode::internal, "a text is not a number");
}

TableHead read_head(CborReader& in) {
  TableHead head;
  in.list_of(3);
  head.rows = in.natural();
  switch (in.next_type()) {
    case CborType::null: in.null(); break;
    case CborType::boolean:
      if (!in.boolean()) in.fail("an index is null, true or a range");
      head.index.kind = TableIndex::Kind::column;
      break;
    default:
      head.index.kind = TableIndex::Kind::range;
      in.list_of(3);
      head.index.start = in.integer();
      head.index.step = in.integer();
      head.index.name = read_name(in);
  }
  for (std::uint64_t count = in.list(); count > 0; --count) {
    ColumnHead column;
    in.list_of(3);
    column.name = read_name(in);
    column.type = type_named(in.text());
    in.list_of(buffer_count(column.type));
    for (std::size_t i = 0; i < buffer_count(column.type); ++i) column.sizes.push_back(in.natural());
    head.columns.push_back(std::move(column));
  }
  if (head.index.kind == TableIndex::Kind::column && head.columns.empty()) table_is_corrupt("its index is no column");
  return head;
}

std::vector<std::uint64_t> sizes_of(const TableHead& head) {
  std::vector<std::uint64_t> sizes;
  for (const ColumnHead& column : head.columns) sizes.insert(sizes.end(), column.sizes.begin(), column.sizes.end());
  return sizes;
}

}  // namespace

std::string_view name_of(ColumnType type) { return types[static_cast<int>(type)].name; }
std::size_t buffer_count(ColumnType type) { return type == ColumnType::text ? 3 : 2; }

std::vector<std::string> table_glue(const TableHead& head) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(3);
  out.natural(head.rows);
  switch (head.index.kind) {
    case TableIndex::Kind::none: out.null(); break;
    case TableIndex::Kind::column: out.boolean(true); break;
    case TableIndex::Kind::range:
      out.list(3);
      out.integer(head.index.start);
      out.integer(head.index.step);
      write_name(out, head.index.name);
  }
  out.list(head.columns.size());
  for (const ColumnHead& column : head.columns) {
    out.list(3);
    write_name(out, column.name);
    out.text(name_of(column.type));
    out.list(column.sizes.size());
    for (std::uint64_t size : column.sizes) out.natural(size);
  }
  std::vector<std::string> glue = padding_of(bytes.size(), sizes_of(head));
  if (glue.empty()) return {bytes};
  glue[0].insert(0, bytes);
  return glue;
}

TableLayout::TableLayout(std::string_view raw) {
  CborReader in(raw);
  head_ = read_head(in);
  if (head_.rows > std::numeric_limits<std::uint64_t>::max() / 64 - 1) table_is_corrupt("it has too many rows");
  buffers_ = buffers_of(raw, in.offset(), sizes_of(head_), "table");
  std::size_t next = 0;
  for (const ColumnHead& column : head_.columns) {
    first_.push_back(next);
    next += buffer_count(column.type);
  }
  for (std::size_t i = 0; i < head_.columns.size(); ++i) check_column(i);
}

void TableLayout::check_column(std::size_t column) const {
  const ColumnType type = head_.columns[column].type;
  if (!buffer(column, 0).empty()) check_bits(buffer(column, 0), head_.rows);
  if (type == ColumnType::boolean) return check_bits(buffer(column, 1), head_.rows);
  std::uint64_t cells = type == ColumnType::text ? head_.rows + 1 : head_.rows;
  std::uint64_t width = type == ColumnType::text ? 8 : bits_of(type) / 8;
  if (buffer(column, 1).size() != cells * width) table_is_corrupt("a column is not as long as the table");
}

std::string_view TableLayout::text(std::size_t column, std::uint64_t row) const {
  auto begin = value_at<std::uint64_t>(buffer(column, 1), row),
       end = value_at<std::uint64_t>(buffer(column, 1), row + 1);
  std::string_view bytes = buffer(column, 2);
  if (begin > end || end > bytes.size()) table_is_corrupt("a text lies outside of its column");
  std::string_view found = bytes.substr(begin, end - begin);
  if (!is_utf8(found)) table_is_corrupt("a text is not UTF-8");
  return found;
}

RawValue TableLayout::cell(std::size_t column, std::uint64_t row) const {
  BACKLOT_ASSERT(column < head_.columns.size() && row < head_.rows);
  RawValue value;
  CborWriter out(value.raw);
  std::string_view validity = buffer(column, 0);
  const ColumnType type = head_.columns[column].type;
  if (!validity.empty() && !bit(validity, row)) {
    out.null();
  } else if (type == ColumnType::text) {
    value.type = TypeTag::text;
    out.text(text(column, row));
  } else {
    value.type = write_cell(out, type, buffer(column, 1), row);
  }
  return value;
}

}  // namespace backlot
