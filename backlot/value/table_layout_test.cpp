#include "backlot/value/table_layout.h"

#include <gtest/gtest.h>

#include <cstring>

#include "backlot/base/test_errors.h"
#include "backlot/value/test_golden.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

std::string raw_table_of(TableHead head, const std::vector<std::string>& buffers) {
  std::size_t next = 0;
  for (ColumnHead& column : head.columns) {
    column.sizes.clear();
    for (std::size_t i = 0; i < buffer_count(column.type); ++i) column.sizes.push_back(buffers[next++].size());
  }
  std::vector<std::string> glue = table_glue(head);
  std::string raw;
  for (std::size_t i = 0; i < glue.size(); ++i) raw += glue[i] + (i < buffers.size() ? buffers[i] : "");
  return raw;
}

/// Three rows: a flag, a count, a name of which the second is missing, a time.
std::string people() {
  TableHead head{3, {TableIndex::Kind::range, 0, 1, {}}, {}};
  head.columns = {{"flag", ColumnType::boolean, {}},
                  {"count", ColumnType::int16, {}},
                  {"name", ColumnType::text, {}},
                  {"at", ColumnType::timestamp, {}}};
  return raw_table_of(
      head, {"", "\x05", "", bytes_of<std::int16_t>({1, -2, 3}), "\x05", bytes_of<std::int64_t>({0, 3, 3, 5}), "AdaBo",
             "", bytes_of<std::int64_t>({0, -1, 1'500'000'000})});
}

TEST(TableLayout, cells_are_values) {
  EXPECT_EQ(to_json(TypeTag::table, people()),
            R"({"$type":"table","columns":[{"name":"flag","type":"bool"},{"name":"count","type":"int16"},)"
            R"({"name":"name","type":"large_string"},{"name":"at","type":"timestamp[ns]"}],"rows":3,"data":)"
            R"([[true,1,"Ada","1970-01-01T00:00:00"],[false,-2,null,"1969-12-31T23:59:59.999999999"],)"
            R"([true,3,"Bo","1970-01-01T00:00:01.5"]]})");
}

TEST(TableLayout, only_so_many_cells_are_shown) {
  std::string shown = to_json(TypeTag::table, people(), {.tensor_elements = 5});
  EXPECT_NE(shown.find(R"("rows":3,"data":[[true,1,"Ada","1970-01-01T00:00:00"],[false)"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("Bo"), std::string::npos);
}

TEST(TableLayout, an_index_comes_back) {
  TableHead head{2, {TableIndex::Kind::range, -4, 2, "n"}, {{"x", ColumnType::float32, {0, 8}}}};
  EXPECT_EQ(TableLayout(raw_table_of(head, {"", bytes_of<float>({1, 2})})).head(), head);
  head.index = {TableIndex::Kind::column, 0, 1, {}};
  head.columns[0].name.reset();
  EXPECT_EQ(TableLayout(raw_table_of(head, {"", bytes_of<float>({1, 2})})).head(), head);
}

TEST(TableLayout, large_columns_begin_on_a_page) {
  TableHead head{10'000, {}, {{"a", ColumnType::uint8, {}}, {"b", ColumnType::uint64, {}}}};
  std::string raw = raw_table_of(head, {"", std::string(10'000, 'x'), "", std::string(80'000, 'y')});
  TableLayout table(raw);
  EXPECT_EQ((table.buffer(0, 1).data() - raw.data()) % 8, 0);
  EXPECT_EQ((table.buffer(1, 1).data() - raw.data()) % 4096, 0);
}

TEST(TableLayout, every_cut_and_every_addition_is_refused) {
  std::string raw = people();
  for (std::size_t size = 0; size < raw.size(); ++size)
    EXPECT_EQ(code_from([&] { TableLayout(raw.substr(0, size)); }), ErrorCode::corrupt) << size;
  EXPECT_EQ(code_from([&] { TableLayout(raw + "x"); }), ErrorCode::corrupt);
}

TEST(TableLayout, what_does_not_fit_the_rows_is_refused) {
  auto refused = [](std::uint64_t rows, ColumnType type, const std::vector<std::string>& buffers) {
    return code_from([&] { TableLayout(raw_table_of({rows, {}, {{"x", type, {}}}}, buffers)); }) == ErrorCode::corrupt;
  };
  EXPECT_TRUE(refused(3, ColumnType::int32, {"", std::string(8, '\0')}));
  EXPECT_TRUE(refused(3, ColumnType::boolean, {"", "\x08"})) << "a bit behind the last row";
  EXPECT_TRUE(refused(3, ColumnType::int8, {"\x07\x01", "abc"})) << "validity of more rows";
  EXPECT_TRUE(refused(1, ColumnType::text, {"", bytes_of<std::int64_t>({0}), ""}));
  auto cell_refused = [](const std::vector<std::int64_t>& offsets, const std::string& text) {
    TableHead head{1, {}, {{"x", ColumnType::text, {}}}};
    std::string raw = raw_table_of(head, {"", bytes_of(offsets), text});
    return code_from([&] { TableLayout(raw).cell(0, 0); }) == ErrorCode::corrupt;
  };
  EXPECT_TRUE(cell_refused({0, 2}, "a"));
  EXPECT_TRUE(cell_refused({1, 0}, "a"));
  EXPECT_TRUE(cell_refused({-1, 1}, "a"));
  EXPECT_TRUE(cell_refused({0, 1}, "\xff"));
}

TEST(TableLayout, golden) {
  std::string today = "\x09" + people();
  EXPECT_EQ(hex(golden(BACKLOT_GOLDEN "/values/table", today)), hex(today));
}

}  // namespace
}  // namespace backlot
