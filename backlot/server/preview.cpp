#include "backlot/server/preview.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "backlot/server/histogram.h"
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
constexpr std::size_t most_entries = 1000, most_columns = 50, first_elements = 20;

bool begins_as_page(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n\xef\xbb\xbf")));
  auto begins = [&](std::string_view tag) {
    return text.size() > tag.size() &&
           std::equal(tag.begin(), tag.end(), text.begin(), [](char a, char b) { return a == std::tolower(b); });
  };
  return begins("<!doctype html") || begins("<html");
}

Json value_preview(const Reference& value, ValueLoader& loader) {
  if (value.size > most_json) {
    std::string size = std::to_string(value.size >> 10);
    return {{"kind", "none"}, {"reason", "it has " + size + " KiB: download it to look at it"}};
  }
  return {{"kind", "value"}, {"value", Json::parse(to_json(value, loader), nullptr, false)}, {"truncated", false}};
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

Json table_rows(const Reference& value, ValueLoader& loader, std::uint64_t from, std::uint64_t limit) {
  ValueLoader::Raw raw = loader.raw(value);
  TableLayout table(raw.bytes);
  const TableHead& head = table.head();
  Json columns = Json::array(), rows = Json::array();
  for (const ColumnHead& column : head.columns) columns.push_back(shown_name(column));
  for (std::uint64_t i = from; i < std::min(head.rows, from + limit); ++i) {
    Json row = Json::array();
    for (std::size_t column = 0; column < head.columns.size(); ++column) {
      RawValue cell = table.cell(column, i);
      row.push_back(Json::parse(to_json(cell.type, cell.raw), nullptr, false));
    }
    rows.push_back(std::move(row));
  }
  return {{"columns", std::move(columns)}, {"from", from}, {"rows", std::move(rows)}, {"total", head.rows}};
}

Json json_of(const Histogram& h) {
  return {{"min", h.min}, {"max", h.max},           {"mean", h.mean},
          {"nan", h.nan}, {"infinite", h.infinite}, {"counts", h.counts}};
}

Json tensor_preview(const Reference& value, ValueLoader& loader) {
  ValueLoader::Raw raw = loader.raw(value);
  TensorLayout tensor(raw.bytes);
  Json first = Json::parse(to_json(TypeTag::tensor, raw.bytes, {.tensor_elements = first_elements}), nullptr, false);
  Json json{{"kind", "tensor"},
            {"dtype", name_of(tensor.dtype)},
            {"shape", tensor.shape},
            {"elements", element_count(tensor.shape)},
            {"first", first.is_object() && first.contains("data") ? first["data"] : Json::array()}};
  if (auto histogram = histogram_of(tensor)) json["histogram"] = json_of(*histogram);
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
  std::string lower(file_name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
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

bool is_page(const Reference& value, BlobStore& store) {
  ValueLoader loader(store);
  if (value.type == TypeTag::text) {
    ValueLoader::Raw raw = loader.raw(value);
    return begins_as_page(Decoder(TypeTag::text, raw.bytes).text());
  }
  if (value.type != TypeTag::file) return false;
  return begins_as_page(WholeCodec<FileValue>::load(value, loader).bytes());
}

Json preview_of(const Reference& value, BlobStore& store) {
  ValueLoader loader(store);
  if (is_page(value, store)) return {{"kind", "html"}};
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

Json rows_of(const Reference& value, BlobStore& store, std::uint64_t from, std::uint64_t limit) {
  ValueLoader loader(store);
  if (value.type == TypeTag::table) return table_rows(value, loader, from, limit);
  const std::uint64_t total = item_count(value, loader);
  Json columns = Json::array(), rows = Json::array();
  for (std::uint64_t i = from; i < std::min(total, from + limit); ++i) {
    Reference item = item_of(value, i, loader);
    Json json = Json::parse(to_json(item, loader, {.tensor_elements = most_columns}), nullptr, false);
    if (value.type == TypeTag::tensor && json.is_object() && json.contains("data")) json = Json(json["data"]);
    Json row = Json::array();
    if (json.is_object()) {
      for (auto& [name, field] : json.items()) row.push_back(field);
      if (columns.empty())
        for (auto& [name, field] : json.items()) columns.push_back(name);
    } else if (json.is_array() && value.type == TypeTag::tensor) {
      row = std::move(json);
      while (columns.size() < row.size()) columns.push_back(std::to_string(columns.size()));
    } else {
      row.push_back(std::move(json));
      if (columns.empty()) columns.push_back("item");
    }
    rows.push_back(std::move(row));
  }
  return {{"columns", std::move(columns)}, {"from", from}, {"rows", std::move(rows)}, {"total", total}};
}

std::string content_type_of(const Reference& value, BlobStore& store) {
  switch (value.type) {
    case TypeTag::text: return "text/plain; charset=utf-8";
    case TypeTag::bytes:
    case TypeTag::pickle:
    case TypeTag::tensor: return "application/octet-stream";
    case TypeTag::file: {
      ValueLoader loader(store);
      const Media* media = media_of(WholeCodec<FileValue>::load(value, loader).name());
      return media ? std::string(media->type) : "application/octet-stream";
    }
    default: return "application/json";
  }
}

std::string file_name_of(std::string_view name, const Reference& value, BlobStore& store) {
  std::string base(name);
  switch (value.type) {
    case TypeTag::text: return base + ".txt";
    case TypeTag::bytes: return base + ".bin";
    case TypeTag::pickle: return base + ".pickle";
    case TypeTag::tensor: return base + ".npy";
    case TypeTag::file: {
      ValueLoader loader(store);
      return WholeCodec<FileValue>::load(value, loader).name();
    }
    default: return base + ".json";
  }
}

}  // namespace backlot::server
