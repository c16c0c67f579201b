// What is shown of a value without loading more of it than a screen holds (openapi.json, Preview and Rows).
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "backlot/client/artifact.h"

namespace backlot::server {

/// True for a text or file that is an HTML page: a card.
bool is_page(const client::Artifact& artifact);

/// Throws Error not_found (its blob is gone), corrupt, newer_format.
nlohmann::ordered_json preview_of(const client::Artifact& artifact);

/// Which part of a table is asked for.
struct RowsWanted {
  std::uint64_t from = 0, limit = 100;
  std::uint64_t column = 0, columns = 50;
  std::optional<std::uint64_t> sort_column;  ///< of all columns; rows of which it is not known come last
  bool descending = false;
};
/// Items of a list, or rows of a tensor or table. Throws Error wrong_type for what has none, and unsupported when there
/// are too many to be sorted.
nlohmann::ordered_json rows_of(const client::Artifact& artifact, const RowsWanted& wanted);

/// The type of the content that `Artifact::read` gives, for the Content-Type of a download.
std::string content_type_of(const client::Artifact& artifact);
/// The name to keep it under: "median.json", "model.npy".
std::string file_name_of(const client::Artifact& artifact);

}  // namespace backlot::server
