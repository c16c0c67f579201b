#include "backlot/server/preview.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "backlot/base/ascii.h"
#include "backlot/server/histogram.h"
#include "backlot/server/sorting.h"
#include "backlot/value/file_value.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/item.h"
#include "backlot/value/pickle_layout.h"
#include "backlot/value/table_layout.h"
#include "backlot/value/tensor_layout.h"
#include "backlot/value/to_json.h"
#include "backlot/value/utf8.h"

namespace backlot::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t most_json = 256 << 10;  ///< bytes of a value that is shown whole
constexpr std::size_t most_text = 64 << 10;
constexpr std::size_t most_entries = 1000, first_elements = 20;
constexpr std::uint64_t most_sorted = 100'000;  ///< rows

bool begins_as_page(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n\xef\xbb\xbf")));
  auto begins = [&](std::string_view tag) {
    return text.size() > tag.size() &&
           std::equal(tag.begin(), tag.end(), text.begin(), [](char a, char b) { return a == std::tolower(b); });
  };
  return begins("<!doctype html") || begins("<html");
}

/// Exact: what JSON has no form for is tagged.
Json exact(const Reference& value, ValueLoader& loader, std::size_t elements = JsonOptions().tensor_elements) {
  return Json::parse(to_json(value, loader, {.tensor_elements = elements, .tagged = true}), nullptr, false);
}

Json value_preview(const Reference& value, ValueLoader& loader) {
  if (value.size > most_json) {
    if (value.type == TypeTag::list || value.type == TypeTag::map) return {{"kind", "tree"}};
    std::string size = std::to_string(value.size >> 10);
    return {{"kind", "none"}, {"reason", "it has " + size + " KiB: download it to look at it"}};
  }
  return {{"kind", "value"}, {"value", exact(value, loader)}, {"truncated", false}};
}

/// A list of structs is a table; another one is shown whole while it is small.
Json list_preview(const Reference& value, ValueLoader& loader) {
  ValueLoader::Raw raw = loader.raw(value);
  ListView list(raw.bytes);
  if (!list.names() && value.size <= most_json) return value_preview(value, loader);
  Json columns = Json::array();
  if (list.names()) {
    for (std::string_view name : *list.names()) columns.push_back({{"name", name}, {"type", ""}});
  } else {
    columns.push_back({{"name", "item"}, {"type", ""}});
  }
  return {{"kind", "table"}, {"columns", std::move(columns)}, {"rows", list.size()}};
}

/// What a column is called where each must have a name.
std::string shown_name(const ColumnHead& column) { return column.name.value_or("index"); }

Json table_preview(const Reference& value, ValueLoader& loader) {
  ValueLoader::Raw raw = loader.raw(value);
  TableLayout table(raw.bytes);
  Json columns = Json::array();
  for (const ColumnHead& column : table.head().columns)
    columns.push_back({{"name", shown_name(column)}, {"type", name_of(column.type)}});
  return {{"kind", "table"}, {"columns", std::move(columns)}, {"rows", table.head().rows}};
}

Json table_cell(const TableLayout& table, std::uint64_t column, std::uint64_t row) {
  RawValue cell = table.cell(column, row);
  return Json::parse(to_json(cell.type, cell.raw, {.tagged = true}), nullptr, false);
}

/// What a value is sorted by: a number beyond 64 bits, and what is none, by where it lies among the numbers.
Json sort_key(Json value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return value.get<double>();
  if (!value.is_object() || value.size() != 1) return value;
  const std::string tag = value.begin().key();
  if ((tag != "$float" && tag != "$int") || !value.begin()->is_string()) return value;
  const double number = std::strtod(value.begin()->get<std::string>().c_str(), nullptr);
  return std::isnan(number) ? Json() : Json(number);
}

/// The numbers of the rows that are asked for. `cell`: what stands in a row's column that is sorted by.
template <class Cell>
std::vector<std::uint64_t> row_numbers(std::uint64_t total, const RowsWanted& wanted, const Cell& cell) {
  std::vector<std::uint64_t> numbers;
  const std::uint64_t end = std::min(total, wanted.from + std::min(total, wanted.limit));
  if (!wanted.sort_column) {
    for (std::uint64_t i = wanted.from; i < end; ++i) numbers.push_back(i);
    return numbers;
  }
  if (total > most_sorted) {
    throw Error(ErrorCode::unsupported, "more than " + std::to_string(most_sorted) + " rows are not sorted",
                "download it, and sort it there");
  }
  std::vector<Json> keys;
  for (std::uint64_t i = 0; i < total; ++i) keys.push_back(sort_key(cell(i)));
  const std::vector<std::size_t> order = sorted_indices(keys, wanted.descending);
  for (std::uint64_t i = wanted.from; i < end; ++i) numbers.push_back(order[i]);
  return numbers;
}

/// Of the names of all columns those that are asked for.
Json columns_within(const std::vector<std::string>& names, const RowsWanted& wanted) {
  Json columns = Json::array();
  for (std::uint64_t i = wanted.column; i < names.size() && columns.size() < wanted.columns; ++i)
    columns.push_back(names[i]);
  return columns;
}

Json rows_json(const std::vector<std::string>& names, const std::vector<std::uint64_t>& numbers, std::uint64_t total,
               const RowsWanted& wanted, Json rows) {
  return {{"columns", columns_within(names, wanted)},
          {"column", wanted.column},
          {"total_columns", names.size()},
          {"from", wanted.from},
          {"numbers", numbers},
          {"rows", std::move(rows)},
          {"total", total}};
}

Json table_rows(const Reference& value, ValueLoader& loader, const RowsWanted& wanted) {
  ValueLoader::Raw raw = loader.raw(value);
  TableLayout table(raw.bytes);
  const TableHead& head = table.head();
  std::vector<std::string> names;
  for (const ColumnHead& column : head.columns) names.push_back(shown_name(column));
  const auto numbers = row_numbers(head.rows, wanted, [&](std::uint64_t row) {
    return *wanted.sort_column < names.size() ? table_cell(table, *wanted.sort_column, row) : Json();
  });
  Json rows = Json::array();
  for (std::uint64_t number : numbers) {
    Json row = Json::array();
    for (std::uint64_t column = wanted.column; column < names.size() && row.size() < wanted.columns; ++column)
      row.push_back(table_cell(table, column, number));
    rows.push_back(std::move(row));
  }
  return rows_json(names, numbers, head.rows, wanted, std::move(rows));
}

Json json_of_histogram(const Histogram& h) {
  auto json = [](const Histogram::Number& number) { return std::visit([](auto x) { return Json(x); }, number); };
  return {{"min", json(h.least)}, {"max", json(h.largest)}, {"mean", h.mean},    {"looked_at", h.looked_at},
          {"nan", h.nan},         {"infinite", h.infinite}, {"counts", h.counts}};
}

Json tensor_preview(const Reference& value, ValueLoader& loader) {
  ValueLoader::Raw raw = loader.raw(value);
  TensorLayout tensor(raw.bytes);
  Json first = exact(value, loader, first_elements);
  Json json{{"kind", "tensor"},
            {"dtype", name_of(tensor.dtype)},
            {"shape", tensor.shape},
            {"elements", element_count(tensor.shape)},
            {"first", first.is_object() && first.contains("data") ? first["data"] : Json::array()}};
  if (auto histogram = histogram_of(tensor)) json["histogram"] = json_of_histogram(*histogram);
  return json;
}

Json pickle_preview(const Reference& value, ValueLoader& loader) {
  ValueLoader::Raw raw = loader.raw(value);
  PickleHead head(raw.bytes);
  Json json{{"kind", "pickle"}, {"type", head.preview.type}, {"repr", head.preview.repr}};
  if (!head.preview.shape.empty()) json["shape"] = head.preview.shape;
  return json;
}

Json text_preview(std::string_view text) {
  bool truncated = text.size() > most_text;
  // A character that is cut in two at the end is left out.
  std::string shown = repaired_utf8(truncated ? text.substr(0, most_text) : text);
  return {{"kind", "text"}, {"text", shown}, {"truncated", truncated}};
}

struct Media {
  std::string_view extension, kind, type;
};
constexpr std::array known_media{
    Media{".png", "image", "image/png"},   Media{".jpg", "image", "image/jpeg"},
    Media{".jpeg", "image", "image/jpeg"}, Media{".gif", "image", "image/gif"},
    Media{".webp", "image", "image/webp"}, Media{".svg", "image", "image/svg+xml"},
    Media{".txt", "text", "text/plain"},   Media{".md", "text", "text/plain"},
    Media{".csv", "text", "text/csv"},     Media{".json", "text", "application/json"},
    Media{".log", "text", "text/plain"},   Media{".yaml", "text", "text/plain"},
    Media{".py", "text", "text/plain"},    Media{".html", "text", "text/plain"},
};

const Media* media_of(std::string_view file_name) {
  const std::string lower = lower_case(file_name);
  for (const Media& media : known_media)
    if (lower.ends_with(media.extension)) return &media;
  return nullptr;
}

Json file_preview(const Reference& value, ValueLoader& loader) {
  FileValue file = WholeCodec<FileValue>::load(value, loader);
  const Media* media = media_of(file.name());
  Json json{{"kind", "file"}, {"file_name", file.name()}, {"media", media ? media->kind : "other"}};
  if (media && media->kind == "text") json["text"] = text_preview(file.bytes())["text"];
  return json;
}

Json folder_preview(const Reference& value, ValueLoader& loader) {
  FolderValue folder = WholeCodec<FolderValue>::load(value, loader);
  Json entries = Json::array();
  bool truncated = false;
  for (const auto& [path, file] : folder.entries()) {
    truncated = entries.size() == most_entries;
    if (truncated) break;
    if (file) entries.push_back({{"path", path}, {"size", file->bytes().size()}});
  }
  return {{"kind", "folder"}, {"entries", std::move(entries)}, {"truncated", truncated}};
}

}  // namespace

bool is_page(const client::Artifact& artifact) {
  const Reference& value = artifact.reference();
  ValueLoader loader(artifact.blobs());
  if (value.type == TypeTag::text) {
    ValueLoader::Raw raw = loader.raw(value);
    return begins_as_page(Decoder(TypeTag::text, raw.bytes).text());
  }
  if (value.type != TypeTag::file) return false;
  return begins_as_page(WholeCodec<FileValue>::load(value, loader).bytes());
}

Json preview_of(const client::Artifact& artifact) {
  const Reference& value = artifact.reference();
  ValueLoader loader(artifact.blobs());
  if (is_page(artifact)) return {{"kind", "html"}};
  switch (value.type) {
    case TypeTag::list: return list_preview(value, loader);
    case TypeTag::tensor: return tensor_preview(value, loader);
    case TypeTag::table: return table_preview(value, loader);
    case TypeTag::pickle: return pickle_preview(value, loader);
    case TypeTag::file: return file_preview(value, loader);
    case TypeTag::folder: return folder_preview(value, loader);
    case TypeTag::text: {
      ValueLoader::Raw raw = loader.raw(value);
      return text_preview(Decoder(TypeTag::text, raw.bytes).text());
    }
    default: return value_preview(value, loader);
  }
}

namespace {

Json tensor_rows(const Reference& value, ValueLoader& loader, const RowsWanted& wanted) {
  ValueLoader::Raw raw = loader.raw(value);
  const TensorLayout tensor(raw.bytes);
  const Shape& shape = tensor.shape;
  if (shape.size() > 2) throw Error(ErrorCode::wrong_type, "only tensors of one or two dimensions have rows");
  const bool has_columns = shape.size() == 2;
  std::vector<std::string> names{"item"};
  if (has_columns) names.clear();
  for (std::uint64_t i = 0; has_columns && i < shape[1]; ++i) names.push_back(std::to_string(i));
  // As a tensor of one element: a complex number alone is no value.
  auto cell = [&](std::uint64_t row, std::uint64_t column) {
    if (column >= names.size()) return Json();
    const std::size_t size = size_of(tensor.dtype);
    std::string one = tensor_head(tensor.dtype, {1}, size);
    one += tensor.data.substr((row * names.size() + column) * size, size);
    Json json = Json::parse(to_json(TypeTag::tensor, one, {.tagged = true}), nullptr, false);
    return std::move(json["data"][0]);
  };
  const std::uint64_t total = tensor.rows();
  const auto numbers = row_numbers(total, wanted, [&](std::uint64_t row) { return cell(row, *wanted.sort_column); });
  Json rows = Json::array();
  for (std::uint64_t number : numbers) {
    Json row = Json::array();
    for (std::uint64_t column = wanted.column; column < names.size() && row.size() < wanted.columns; ++column)
      row.push_back(cell(number, column));
    rows.push_back(std::move(row));
  }
  return rows_json(names, numbers, total, wanted, std::move(rows));
}

/// Structs have their fields as columns, other items are one.
Json list_rows(const Reference& value, ValueLoader& loader, const RowsWanted& wanted) {
  const std::uint64_t total = item_count(value, loader);
  std::vector<std::string> names{"item"};
  bool are_structs = false;
  if (value.type == TypeTag::list) {
    ValueLoader::Raw raw = loader.raw(value);
    ListView list(raw.bytes);
    are_structs = list.names() != nullptr;
    if (are_structs) names.assign(list.names()->begin(), list.names()->end());
  }
  auto field = [&](const Json& item, std::uint64_t column) {
    if (column >= names.size()) return Json();
    return are_structs ? item[names[column]] : item;
  };
  const auto numbers = row_numbers(total, wanted, [&](std::uint64_t row) {
    return field(exact(item_of(value, row, loader), loader), *wanted.sort_column);
  });
  Json rows = Json::array();
  for (std::uint64_t number : numbers) {
    const Json item = exact(item_of(value, number, loader), loader);
    Json row = Json::array();
    for (std::uint64_t column = wanted.column; column < names.size() && row.size() < wanted.columns; ++column)
      row.push_back(field(item, column));
    rows.push_back(std::move(row));
  }
  return rows_json(names, numbers, total, wanted, std::move(rows));
}

}  // namespace

Json rows_of(const client::Artifact& artifact, const RowsWanted& wanted) {
  const Reference& value = artifact.reference();
  ValueLoader loader(artifact.blobs());
  if (value.type == TypeTag::table) return table_rows(value, loader, wanted);
  if (value.type == TypeTag::tensor) return tensor_rows(value, loader, wanted);
  return list_rows(value, loader, wanted);
}

std::string content_type_of(const client::Artifact& artifact) {
  switch (artifact.type()) {
    case TypeTag::text: return "text/plain; charset=utf-8";
    case TypeTag::bytes:
    case TypeTag::pickle:
    case TypeTag::tensor: return "application/octet-stream";
    case TypeTag::file: {
      const Media* media = media_of(artifact.as<FileValue>().name());
      return media ? std::string(media->type) : "application/octet-stream";
    }
    default: return "application/json";
  }
}

std::string file_name_of(const client::Artifact& artifact) {
  const std::string& base = artifact.name();
  switch (artifact.type()) {
    case TypeTag::text: return base + ".txt";
    case TypeTag::bytes: return base + ".bin";
    case TypeTag::pickle: return base + ".pickle";
    case TypeTag::tensor: return base + ".npy";
    case TypeTag::file: return artifact.as<FileValue>().name();
    default: return base + ".json";
  }
}

}  // namespace backlot::server
