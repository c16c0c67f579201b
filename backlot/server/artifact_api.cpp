// One artifact: what is shown of it, its rows, its content, and a card in its sandbox.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "backlot/server/api.h"
#include "backlot/server/card_policy.h"
#include "backlot/server/download.h"
#include "backlot/server/preview.h"
#include "backlot/server/sorting.h"
#include "backlot/value/to_json.h"
#include "backlot/value/utf8.h"
#include "backlot/value/value_tree.h"
#include "backlot/verbs/json_of.h"

namespace backlot::server {
namespace {

using client::Artifact;
using client::Client;
using client::Run;

constexpr std::size_t most_readers = 100;

Artifact artifact_of(const Request& request, Client& client) {
  const std::string& name = request.parts.at("name");
  if (request.parts.contains("task")) return task_of(request, client).artifact(name);
  for (const Artifact& p : run_of(request, client).parameters())
    if (p.name() == name) return p;
  throw Error(ErrorCode::not_found, run_of(request, client).pathspec() + " has no parameter \"" + name + "\"");
}

/// The task whose manifest holds it; null: it is a parameter.
Json holder_of(const Artifact& artifact, const Run& run) {
  Pathspec spec = Pathspec::parse(artifact.task());
  if (!spec.task) return nullptr;
  auto task = run.task(std::get<std::int64_t>(*spec.task));
  return task ? link_to(task->row()) : Json(nullptr);
}

/// Tasks of the run whose manifests note that they read this value under this name.
Json readers_of(const Artifact& artifact, const Run& run) {
  Json readers = Json::array();
  const Digest id = artifact.identity();
  run.each_finished([&](const TaskRow& task, const AttemptRow& attempt) {
    if (readers.size() == most_readers || attempt.manifest.empty()) return;
    Manifest manifest = decode_manifest(attempt.manifest);
    bool reads = std::any_of(manifest.reads.begin(), manifest.reads.end(),
                             [&](const Manifest::Read& r) { return r.name == artifact.name() && r.id == id; });
    if (reads) readers.push_back(link_to(task));
  });
  return readers;
}

/// Columns of rows are sorted by their numbers: names may be anything, and stand twice.
std::uint64_t column_number(const std::string& text) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  throw Error(ErrorCode::usage, "sort: \"" + text + "\" is no column", "give its number, from 0 on");
}

/// Only steps with `cache` note what they read.
bool notes_reads(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) { return node.with.cache; });
}

Response show_artifact(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  const Run run = run_of(request, client);
  Json json = verbs::json_of(artifact);
  json["task"] = holder_of(artifact, run);
  json["preview"] = {{"kind", "none"}, {"reason", "it cannot be read"}};
  put_part(json, "preview", [&] { json["preview"] = preview_of(artifact); });
  if (json["preview"]["kind"] == "html") json["card"] = true;
  json["read_by"] = Json::array();
  put_part(json, "read_by", [&] {
    if (notes_reads(run.graph())) json["read_by"] = readers_of(artifact, run);
  });
  json["content_type"] = "application/octet-stream";
  put_part(json, "preview", [&] { json["content_type"] = content_type_of(artifact); });
  json["command"] = "backlot get " + artifact.pathspec();
  return answer(json);
}

Response rows(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  auto from = static_cast<std::uint64_t>(request.number("from", 0, 0, INT64_MAX));
  auto limit = static_cast<std::uint64_t>(request.number("limit", 100, 1, 1000));
  RowsWanted wanted;
  wanted.from = from;
  wanted.limit = limit;
  wanted.column = static_cast<std::uint64_t>(request.number("column", 0, 0, INT64_MAX));
  wanted.columns = static_cast<std::uint64_t>(request.number("columns", 50, 1, 1000));
  const Sorting sorting = sorting_of(request);
  if (sorting) wanted.sort_column = column_number(sorting.by);
  wanted.descending = sorting.descending;
  return answer(rows_of(artifact, wanted));
}

constexpr std::size_t most_leaf = 2000;          ///< bytes of a text that a page of a tree has
constexpr std::uint64_t most_nodes = 2'000'000;  ///< that one search looks at

Json json_of_node(const std::string& key, const TreeNode& node) {
  Json json{{"key", key}};
  if (node.is_branch()) {
    json["kind"] = node.is_list() ? "list" : "map";
    json["size"] = node.size();
    return json;
  }
  RawValue leaf = node.leaf();
  json["kind"] = "value";
  json["type"] = name_of(leaf.type);
  if (leaf.raw.size() <= most_leaf) {
    json["value"] = Json::parse(to_json(leaf.type, leaf.raw, {.tagged = true}), nullptr, false);
    return json;
  }
  // A text by its beginning; of others only how large they are.
  json["bytes"] = leaf.raw.size();
  json["value"] = nullptr;
  if (leaf.type == TypeTag::text) json["value"] = repaired_utf8(CborReader(leaf.raw).text().substr(0, most_leaf));
  return json;
}

/// "3.17.0": the numbers of the members that lead to a branch.
std::vector<std::uint64_t> way_of(const Request& request) {
  std::vector<std::uint64_t> way;
  const std::string text = request.text("at");
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t index = 0;
    auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), index);
    const auto stop = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || (stop < text.size() && text[stop] != '.'))
      throw Error(ErrorCode::usage, "at: \"" + text + "\" is no way through a tree", "such as 3.17.0");
    way.push_back(index);
    at = stop + 1;
  }
  return way;
}

/// A page of the members of one branch of a value.
Response tree(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  auto from = static_cast<std::uint64_t>(request.number("from", 0, 0, INT64_MAX));
  auto limit = static_cast<std::uint64_t>(request.number("limit", 100, 1, 1000));
  ValueLoader loader(artifact.blobs());
  ValueLoader::Raw raw = loader.raw(artifact.reference());
  TreeNode node(artifact.type(), raw.bytes);
  Json keys = Json::array();
  for (std::uint64_t index : way_of(request)) {
    std::string key;
    node = node.member(index, &key);
    keys.push_back(key);
  }
  Json json{{"keys", std::move(keys)},
            {"kind", node.is_list()  ? "list"
                     : node.is_map() ? "map"
                                     : "value"},
            {"total", node.size()},
            {"from", from},
            {"members", Json::array()}};
  if (!node.is_branch()) json["members"].push_back(json_of_node("", node));
  node.each(from, [&](const std::string& key, const TreeNode& member) {
    json["members"].push_back(json_of_node(key, member));
    return json["members"].size() < limit;
  });
  return answer(json);
}

Response search_value(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  const std::string text = request.text("q");
  if (text.empty()) throw Error(ErrorCode::usage, "q: say what to look for");
  ValueLoader loader(artifact.blobs());
  ValueLoader::Raw raw = loader.raw(artifact.reference());
  TreeMatches matches = search_tree(TreeNode(artifact.type(), raw.bytes), text,
                                    static_cast<std::uint64_t>(request.number("from", 0, 0, INT64_MAX)), most_nodes,
                                    static_cast<std::size_t>(request.number("limit", 100, 1, 1000)));
  Json json{{"matches", Json::array()}};
  for (const TreeMatch& match : matches.found) json["matches"].push_back({{"at", match.at}, {"keys", match.keys}});
  if (matches.more) json["next"] = matches.looked_at;
  return answer(json);
}

Response content(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  if (artifact.type() == TypeTag::folder) {
    throw Error(ErrorCode::unsupported, "a folder cannot be downloaded as one file",
                "`backlot get " + artifact.pathspec() + " --output FOLDER` writes it");
  }
  Response response;
  response.produce = [artifact](const Emit& emit) { artifact.read(emit); };
  return response.with("Content-Type", content_type_of(artifact))
      .with("Content-Disposition", attachment_header(file_name_of(artifact)))
      .with("ETag", "\"" + artifact.identity().hex() + "\"");
}

/// A page that somebody's task wrote. Its author's scripts run only in a frame of our own page, which asked for them.
Response card(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  if (!is_page(artifact)) throw Error(ErrorCode::wrong_type, artifact.pathspec() + " is no HTML page");
  const bool is_our_frame =
      request.header("sec-fetch-dest") == "iframe" && request.header("sec-fetch-site") == "same-origin";
  Response response;
  response.produce = [artifact](const Emit& emit) {
    bool is_first = true;
    artifact.read([&](std::string_view piece) {
      if (std::exchange(is_first, false)) {
        const std::size_t place = place_of_card_script(piece);
        emit(std::string(piece.substr(0, place)) + "<script>" + std::string(card_script) + "</script>\n");
        piece.remove_prefix(place);
      }
      emit(piece);
    });
  };
  return response.with("Content-Type", "text/html; charset=utf-8")
      .with("X-DNS-Prefetch-Control", "off")
      .with("Content-Security-Policy", card_policy(is_our_frame && request.text("scripts") == "author"));
}

}  // namespace

std::vector<Route> artifact_routes() {
  const std::string run = "/api/v1/runs/{flow}/{run}";
  const std::string of_task = run + "/tasks/{task}/artifacts/{name}", of_run = run + "/parameters/{name}";
  std::vector<Route> routes;
  for (const std::string& artifact : {of_task, of_run}) {
    routes.push_back({"GET", artifact, Role::reader, show_artifact, Work::long_});
    routes.push_back({"GET", artifact + "/rows", Role::reader, rows, Work::long_});
    routes.push_back({"GET", artifact + "/tree", Role::reader, tree, Work::long_});
    routes.push_back({"GET", artifact + "/tree/search", Role::reader, search_value, Work::long_});
    routes.push_back({"GET", artifact + "/content", Role::reader, content, Work::stream});
    routes.push_back({"GET", artifact + "/card", Role::reader, card, Work::stream});
  }
  return routes;
}

}  // namespace backlot::server
